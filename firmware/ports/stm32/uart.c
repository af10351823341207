/* U(S)ART of any STM32, polled; the family's registers.h says where its registers are. */
#include "uart.h"

#include "board.h"
#include "family.h"
#include "link/port.h"
#include "register.h"
#include "registers.h"

#define BAUD_RATE REGISTER(ESNN_PORT_UART, UART_BAUD_RATE)
#define CONTROL_1 REGISTER(ESNN_PORT_UART, UART_CONTROL_1)
#define CONTROL_3 REGISTER(ESNN_PORT_UART, UART_CONTROL_3)
#define STATUS REGISTER(ESNN_PORT_UART, UART_STATUS)
#define RECEIVED REGISTER(ESNN_PORT_UART, UART_RECEIVED)
#define TO_SEND REGISTER(ESNN_PORT_UART, UART_TO_SEND)

#define RECEIVER_AND_TRANSMITTER_ON 0x0cu
#define INTERRUPT_BY_A_BYTE 0x20u
#define BYTE_IS_HERE 0x20u
#define ROOM_TO_SEND 0x80u

const char esnn_port_name[] = UART_PORT_NAME;

void esnn_port_start(void)
{
    esnn_port_clock_start();
    esnn_port_pin(ESNN_PORT_TX_PORT, ESNN_PORT_TX_PIN, 1);
    esnn_port_pin(ESNN_PORT_RX_PORT, ESNN_PORT_RX_PIN, 0);
    esnn_port_clock_peripheral(ESNN_PORT_UART);
    BAUD_RATE = UART_DIVISOR;
    CONTROL_3 = UART_CONTROL_3_START;
    CONTROL_1 = UART_ON | RECEIVER_AND_TRANSMITTER_ON | INTERRUPT_BY_A_BYTE;
}

int esnn_port_received(void)
{
    return (STATUS & BYTE_IS_HERE) != 0;
}

uint8_t esnn_port_take(void)
{
    return (uint8_t)(RECEIVED & 0xffu);
}

void esnn_port_write(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        while ((STATUS & ROOM_TO_SEND) == 0) {
        }
        TO_SEND = data[i];
    }
}

void esnn_port_flush(void)
{
}
