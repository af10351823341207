/* Clocks of an STM32L4+: RM0432, chapters on the flash, power (PWR) and clocks (RCC). */
#include "family.h"

#include "barrier.h"
#include "board.h"
#include "register.h"
#include "registers.h"

#define CLOCK_CONTROL REGISTER(RCC, 0x00)
#define CLOCK_CHOICE REGISTER(RCC, 0x08)
#define PLL REGISTER(RCC, 0x0c)
#define APB1_ENABLE REGISTER(RCC, 0x58)
#define APB1_ENABLE_MORE REGISTER(RCC, 0x5c)
#define APB2_ENABLE REGISTER(RCC, 0x60)
#define FLASH_ACCESS REGISTER(0x40022000u, 0x00)
#define POWER_CONTROL_2 REGISTER(0x40007000u, 0x04)

#define APB1_START 0x40000000u
#define APB1_MORE_START 0x40008000u
#define APB2_START 0x40010000u
#define SLOT_BYTES 0x400u /* of a peripheral; its bit in the enable register is its slot on the bus */

#define MHZ (ESNN_PORT_CLOCK_HZ / 1000000u)

#if ESNN_PORT_CLOCK_HZ < 32000000 || ESNN_PORT_CLOCK_HZ > 80000000 || ESNN_PORT_CLOCK_HZ % 4000000 != 0
#error "clock_hz: 32 to 80 MHz, a multiple of 4: more needs the boost mode"
#endif

/* From the internal oscillator of 16 MHz, accurate to 1 % or so: 16 MHz / 2 * (MHZ / 4) / 2, the VCO at twice MHZ. */
#define HSI_ON (1u << 8)
#define HSI_READY (1u << 10)
#define PLL_ON (1u << 24)
#define PLL_READY (1u << 25)
#define PLL_OF_HSI 2u
#define PLL_DIVIDE_BY_2 (1u << 4)
#define PLL_MULTIPLY (MHZ / 4u << 8)
#define PLL_OUT_BY_2 (1u << 24)
#define RUN_FROM_PLL 3u
#define RUNS_FROM_PLL (3u << 2)
#define RUNS_FROM (3u << 2)

#define WAIT_STATES ((MHZ - 1u) / 20u) /* in the range that the regulator starts in */
#define WAIT_STATES_MASK 15u
#define PREFETCH_AND_CACHES (7u << 8)

#define POWER_CLOCK_ON (1u << 28)
#define SECOND_SUPPLY_IS_THERE (1u << 9) /* pins of port G from 2 on have a supply of their own */

void esnn_port_clock_start(void)
{
    APB1_ENABLE |= POWER_CLOCK_ON;
    BARRIER();
    POWER_CONTROL_2 |= SECOND_SUPPLY_IS_THERE;
    FLASH_ACCESS = PREFETCH_AND_CACHES | WAIT_STATES;
    while ((FLASH_ACCESS & WAIT_STATES_MASK) != WAIT_STATES) {
    }
    CLOCK_CONTROL |= HSI_ON;
    while ((CLOCK_CONTROL & HSI_READY) == 0) {
    }
    PLL = PLL_OUT_BY_2 | PLL_MULTIPLY | PLL_DIVIDE_BY_2 | PLL_OF_HSI;
    CLOCK_CONTROL |= PLL_ON;
    while ((CLOCK_CONTROL & PLL_READY) == 0) {
    }
    CLOCK_CHOICE = RUN_FROM_PLL;
    while ((CLOCK_CHOICE & RUNS_FROM) != RUNS_FROM_PLL) {
    }
}

void esnn_port_clock_peripheral(uint32_t address)
{
    if (address < APB1_MORE_START) {
        APB1_ENABLE |= 1u << (address - APB1_START) / SLOT_BYTES;
    } else if (address < APB2_START) {
        APB1_ENABLE_MORE |= 1u << (address - APB1_MORE_START) / SLOT_BYTES;
    } else {
        APB2_ENABLE |= 1u << (address - APB2_START) / SLOT_BYTES;
    }
    BARRIER();
}
