/* NS16550A: TL16C550C data sheet (SLLS177), chapter on registers, which is one of its successors. Its registers are
 * bytes next to each other. */
#include "uart.h"

#include "board.h"
#include "link/port.h"

#define BYTE(offset) (*(volatile uint8_t *)(ESNN_PORT_UART + (offset)))
#define DATA BYTE(0)
#define INTERRUPTS BYTE(1)
#define FIFOS BYTE(2)
#define LINE BYTE(3)
#define STATE BYTE(5)
#define DIVISOR_LOW BYTE(0)
#define DIVISOR_HIGH BYTE(1)

#define RX_INTERRUPT 1u
#define FIFOS_ON_AND_EMPTY 7u /* the interrupt rises with the first byte */
#define EIGHT_BITS 3u
#define DIVISOR_SHOWN 0x80u
#define RX_READY 0x01u
#define TX_EMPTY 0x20u

#define DIVISOR ((ESNN_PORT_CLOCK_HZ + 8u * ESNN_PORT_BAUD) / (16u * ESNN_PORT_BAUD))

const char esnn_port_name[] = "ns16550a";

void esnn_port_start(void)
{
    LINE = DIVISOR_SHOWN | EIGHT_BITS;
    DIVISOR_LOW = DIVISOR & 0xffu;
    DIVISOR_HIGH = DIVISOR >> 8;
    LINE = EIGHT_BITS;
    FIFOS = FIFOS_ON_AND_EMPTY;
    INTERRUPTS = RX_INTERRUPT;
}

int esnn_port_received(void)
{
    return (STATE & RX_READY) != 0;
}

uint8_t esnn_port_take(void)
{
    return DATA;
}

void esnn_port_write(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        while ((STATE & TX_EMPTY) == 0) {
        }
        DATA = data[i];
    }
}

void esnn_port_flush(void)
{
}
