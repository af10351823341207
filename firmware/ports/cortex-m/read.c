/* Reading a byte, or sleeping until one comes. The UART's interrupt only wakes the processor: it is enabled while
 * interrupts are masked, so no handler ever runs, and counts and stack are the program's alone. */
#include "board.h"
#include "link/port.h"
#include "register.h"
#include "uart.h"

#define NVIC(offset) REGISTER(0xe000e100u, (offset) + 4u * (ESNN_PORT_UART_IRQ / 32u))
#define ENABLE NVIC(0x000u)
#define DISABLE NVIC(0x080u)
#define CLEAR_PENDING NVIC(0x180u)
#define LINE (1u << (ESNN_PORT_UART_IRQ % 32u))

static void sleep_until_a_byte_comes(void)
{
    __asm__ volatile("cpsid i" ::: "memory");
    CLEAR_PENDING = LINE;
    ENABLE = LINE;
    if (!esnn_port_received()) {
        __asm__ volatile("dsb\n\twfi" ::: "memory"); /* returns at once for a byte that came since the lines above */
    }
    DISABLE = LINE;
    __asm__ volatile("dsb\n\tisb\n\tcpsie i" ::: "memory");
}

int esnn_port_read(void)
{
    if (esnn_port_received()) {
        return esnn_port_take();
    }
    sleep_until_a_byte_comes();
    return -1;
}
