/* CMSDK APB UART. The processor sleeps until a byte comes: the interrupt wakes it, but interrupts stay masked and no
 * handler ever runs, so counts and stack are the program's alone. */
#include "board.h"
#include "link/port.h"
#include "register.h"

#define DATA REGISTER(ESNN_PORT_UART, 0x0)
#define STATE REGISTER(ESNN_PORT_UART, 0x4)
#define CTRL REGISTER(ESNN_PORT_UART, 0x8)
#define INTERRUPTS REGISTER(ESNN_PORT_UART, 0xc)
#define BAUDDIV REGISTER(ESNN_PORT_UART, 0x10)

#define TX_FULL 1u
#define RX_FULL 2u
#define TX_RX_AND_RX_INTERRUPT 11u
#define RX_INTERRUPT 2u

#define NVIC_ENABLE REGISTER(0xe000e100u, 4u * (ESNN_PORT_UART_IRQ / 32u))
#define NVIC_CLEAR REGISTER(0xe000e280u, 4u * (ESNN_PORT_UART_IRQ / 32u))
#define NVIC_BIT (1u << (ESNN_PORT_UART_IRQ % 32u))

const char esnn_port_name[] = "cmsdk";

void esnn_port_uart_start(void)
{
    BAUDDIV = ESNN_PORT_CLOCK_HZ / ESNN_PORT_BAUD;
    CTRL = TX_RX_AND_RX_INTERRUPT;
    __asm__ volatile("cpsid i" ::: "memory");
    NVIC_ENABLE = NVIC_BIT;
}

int esnn_port_read(void)
{
    INTERRUPTS = RX_INTERRUPT;
    NVIC_CLEAR = NVIC_BIT;
    if ((STATE & RX_FULL) == 0) {
        __asm__ volatile("wfi" ::: "memory"); /* returns at once for a byte that came since the lines above */
        return -1;
    }
    return (int)(DATA & 0xffu);
}

void esnn_port_write(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        while ((STATE & TX_FULL) != 0) {
        }
        DATA = data[i];
    }
}

void esnn_port_flush(void)
{
}
