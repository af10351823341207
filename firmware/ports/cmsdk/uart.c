/* CMSDK APB UART, polled: no interrupt ever runs, so counts and stack are the program's alone. */
#include "board.h"
#include "link/port.h"
#include "register.h"

#define DATA REGISTER(ESNN_PORT_UART, 0x0)
#define STATE REGISTER(ESNN_PORT_UART, 0x4)
#define CTRL REGISTER(ESNN_PORT_UART, 0x8)
#define BAUDDIV REGISTER(ESNN_PORT_UART, 0x10)

#define TX_FULL 1u
#define RX_FULL 2u
#define TX_AND_RX_ENABLED 3u

const char esnn_port_name[] = "cmsdk";

void esnn_port_uart_start(void)
{
    BAUDDIV = ESNN_PORT_CLOCK_HZ / ESNN_PORT_BAUD;
    CTRL = TX_AND_RX_ENABLED;
}

int esnn_port_read(void)
{
    return (STATE & RX_FULL) != 0 ? (int)(DATA & 0xffu) : -1;
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
