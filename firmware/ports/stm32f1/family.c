/* Clocks and pins of an STM32F1, run from its internal oscillator. RM0041, chapters 6 (clocks) and 7 (pins). */
#include "family.h"

#include "barrier.h"
#include "board.h"
#include "register.h"

#define RCC 0x40021000u
#define APB2_ENABLE REGISTER(RCC, 0x18)
#define APB1_ENABLE REGISTER(RCC, 0x1c)

#define APB1_START 0x40000000u
#define APB2_START 0x40010000u
#define SLOT_BYTES 0x400u /* of a peripheral; its bit in the enable register is its slot on the bus */

#define GPIO(port) (0x40010800u + 0x400u * (port))
#define PULLED_UP(port) REGISTER(GPIO(port), 0x10)
#define FUNCTION_DRIVES 9u /* alternate function, push-pull, 10 MHz */
#define PULLED_INPUT 8u

#if ESNN_PORT_CLOCK_HZ != 8000000
#error "clock_hz: 8 MHz, the internal oscillator's"
#endif

void esnn_port_clock_start(void)
{
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

void esnn_port_pin(uint32_t port, uint32_t number, int output)
{
    volatile uint32_t *mode = &REGISTER(GPIO(port), 4u * (number / 8u));
    const uint32_t shift = 4u * (number % 8u);

    esnn_port_clock_peripheral(GPIO(port));
    *mode = (*mode & ~(15u << shift)) | (output ? FUNCTION_DRIVES : PULLED_INPUT) << shift;
    if (!output) {
        PULLED_UP(port) = 1u << number;
    }
}
