/* CMSDK APB UART. */
#include "uart.h"

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

const char esnn_port_name[] = "cmsdk";

void esnn_port_start(void)
{
    BAUDDIV = ESNN_PORT_CLOCK_HZ / ESNN_PORT_BAUD;
    CTRL = TX_RX_AND_RX_INTERRUPT;
}

int esnn_port_received(void)
{
    INTERRUPTS = RX_INTERRUPT;
    return (STATE & RX_FULL) != 0;
}

uint8_t esnn_port_take(void)
{
    return (uint8_t)(DATA & 0xffu);
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
