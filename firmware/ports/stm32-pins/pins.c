/* Pins of the STM32 families with alternate functions by number: all but the STM32F1. RM0390, chapter 7. */
#include "barrier.h"
#include "board.h"
#include "family.h"
#include "register.h"
#include "registers.h"

#define GPIO(port) (GPIO_START + 0x400u * (port))
#define MODE(port) REGISTER(GPIO(port), 0x00)
#define PULL(port) REGISTER(GPIO(port), 0x0c)
#define FUNCTION(port, number) REGISTER(GPIO(port), 0x20u + 4u * ((number) / 8u))

#define ALTERNATE 2u
#define PULL_UP 1u

static void set(volatile uint32_t *to, uint32_t bits, uint32_t at, uint32_t value)
{
    const uint32_t mask = ((1u << bits) - 1u) << bits * at;
    *to = (*to & ~mask) | value << bits * at;
}

void esnn_port_pin(uint32_t port, uint32_t number, int output)
{
    (void)output; /* the function knows */
    GPIO_ENABLE |= 1u << port;
    BARRIER();
    set(&FUNCTION(port, number), 4, number % 8u, ESNN_PORT_PIN_FUNCTION);
    set(&PULL(port), 2, number, PULL_UP); /* an open line is a quiet one */
    set(&MODE(port), 2, number, ALTERNATE);
}
