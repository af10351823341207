/* Clocks of an STM32F4: RM0390, chapters 3 (flash), 5 (power) and 6 (clocks). */
#include "family.h"

#include "barrier.h"
#include "board.h"
#include "register.h"
#include "registers.h"

#define CLOCK_CONTROL REGISTER(RCC, 0x00)
#define PLL REGISTER(RCC, 0x04)
#define CLOCK_CHOICE REGISTER(RCC, 0x08)
#define APB1_ENABLE REGISTER(RCC, 0x40)
#define APB2_ENABLE REGISTER(RCC, 0x44)
#define FLASH_ACCESS REGISTER(0x40023c00u, 0x00)

#define APB1_START 0x40000000u
#define SLOT_BYTES 0x400u /* of a peripheral; its bit in the enable register is its slot on the bus */

#define MHZ (ESNN_PORT_CLOCK_HZ / 1000000u)

#if ESNN_PORT_CLOCK_HZ != 16000000 && (ESNN_PORT_CLOCK_HZ < 50000000 || ESNN_PORT_CLOCK_HZ > 168000000)
#error "clock_hz: 16 MHz, the oscillator's own, or 50 to 168 MHz: more needs the over-drive mode"
#endif
#if ESNN_PORT_CLOCK_HZ % 1000000 != 0
#error "clock_hz: whole megahertz"
#endif

/* From the internal oscillator: 16 MHz / 8 * MHZ / 2. That is accurate to 1 % or so, enough for a UART, and on every
 * board. */
#define PLL_RESERVED (PLL & 0xf0000000u)
#define PLL_DIVIDE_BY_8 8u
#define PLL_MULTIPLY (MHZ << 6)
#define PLL_USB_DIVIDE_BY_8 (8u << 24)
#define PLL_ON (1u << 24)
#define PLL_READY (1u << 25)
#define APB1_QUARTER_APB2_HALF (5u << 10 | 4u << 13)
#define RUN_FROM_PLL 2u
#define RUNS_FROM_PLL (2u << 2)
#define RUNS_FROM (3u << 2)

#define POWER_CONTROL REGISTER(0x40007000u, 0x00)
#define POWER_CLOCK_ON (1u << 28)
#define FASTEST_SCALE (3u << 14) /* where the STM32F405 and F446 start */

#define WAIT_STATES ((MHZ - 1u) / 30u) /* at 2.7 to 3.6 V */
#define WAIT_STATES_MASK 15u
#define PREFETCH_AND_CACHES (7u << 8)

void esnn_port_clock_start(void)
{
#if ESNN_PORT_CLOCK_HZ != 16000000
    APB1_ENABLE |= POWER_CLOCK_ON;
    BARRIER();
    POWER_CONTROL |= FASTEST_SCALE;
    FLASH_ACCESS = PREFETCH_AND_CACHES | WAIT_STATES;
    while ((FLASH_ACCESS & WAIT_STATES_MASK) != WAIT_STATES) {
    }
    PLL = PLL_RESERVED | PLL_USB_DIVIDE_BY_8 | PLL_MULTIPLY | PLL_DIVIDE_BY_8;
    CLOCK_CONTROL |= PLL_ON;
    while ((CLOCK_CONTROL & PLL_READY) == 0) {
    }
    CLOCK_CHOICE = APB1_QUARTER_APB2_HALF;
    CLOCK_CHOICE = APB1_QUARTER_APB2_HALF | RUN_FROM_PLL;
    while ((CLOCK_CHOICE & RUNS_FROM) != RUNS_FROM_PLL) {
    }
#endif
}

void esnn_port_clock_peripheral(uint32_t address)
{
    if (address < APB2_START) {
        APB1_ENABLE |= 1u << (address - APB1_START) / SLOT_BYTES;
    } else {
        APB2_ENABLE |= 1u << (address - APB2_START) / SLOT_BYTES;
    }
    BARRIER();
}
