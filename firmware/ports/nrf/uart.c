/* UART of the nRF51 and nRF52, polled. nRF51 Series Reference Manual 3.0.1, chapter 29; nRF52840 Product Specification,
 * chapter UART. The nRF52 has it beside its UARTE. */
#include "uart.h"

#include "board.h"
#include "link/port.h"
#include "nrf.h"
#include "register.h"

#define START_RECEIVER REGISTER(ESNN_PORT_UART, 0x000)
#define START_TRANSMITTER REGISTER(ESNN_PORT_UART, 0x008)
#define BYTE_IS_HERE REGISTER(ESNN_PORT_UART, 0x108)
#define BYTE_IS_SENT REGISTER(ESNN_PORT_UART, 0x11c)
#define INTERRUPTS REGISTER(ESNN_PORT_UART, 0x304)
#define ENABLE REGISTER(ESNN_PORT_UART, 0x500)
#define TX_PIN REGISTER(ESNN_PORT_UART, 0x50c)
#define RX_PIN REGISTER(ESNN_PORT_UART, 0x514)
#define RECEIVED REGISTER(ESNN_PORT_UART, 0x518)
#define TO_SEND REGISTER(ESNN_PORT_UART, 0x51c)
#define BAUD_RATE REGISTER(ESNN_PORT_UART, 0x524)

#define RX_INTERRUPT (1u << 2)
#define ON 4u

/* Baud * 2^32 / 16 MHz, of which the upper 20 bits count. */
#define BAUD_UNIT 0x1000u
#define BAUD ((uint32_t)((((uint64_t)ESNN_PORT_BAUD << 32) / 16000000u + BAUD_UNIT / 2u) / BAUD_UNIT * BAUD_UNIT))

#define GPIO(port) (0x50000000u + 0x300u * (port))
#define SET_HIGH(port) REGISTER(GPIO(port), 0x508)
#define PIN(port, number) REGISTER(GPIO(port), 0x700u + 4u * (number))
#define OUTPUT 3u        /* its input stage off */
#define PULLED_UP_INPUT 12u /* an open line is a quiet one */
#define SELECT(port, number) ((port) << 5 | (number))

void esnn_port_start(void)
{
    esnn_port_clock_start();
    SET_HIGH(ESNN_PORT_TX_PORT) = 1u << ESNN_PORT_TX_PIN;
    PIN(ESNN_PORT_TX_PORT, ESNN_PORT_TX_PIN) = OUTPUT;
    PIN(ESNN_PORT_RX_PORT, ESNN_PORT_RX_PIN) = PULLED_UP_INPUT;
    TX_PIN = SELECT(ESNN_PORT_TX_PORT, ESNN_PORT_TX_PIN);
    RX_PIN = SELECT(ESNN_PORT_RX_PORT, ESNN_PORT_RX_PIN);
    BAUD_RATE = BAUD;
    ENABLE = ON;
    INTERRUPTS = RX_INTERRUPT;
    START_TRANSMITTER = 1;
    START_RECEIVER = 1;
}

int esnn_port_received(void)
{
    return BYTE_IS_HERE != 0;
}

uint8_t esnn_port_take(void)
{
    BYTE_IS_HERE = 0; /* before the byte is taken: the next one may follow at once */
    return (uint8_t)(RECEIVED & 0xffu);
}

void esnn_port_write(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        BYTE_IS_SENT = 0;
        TO_SEND = data[i];
        while (BYTE_IS_SENT == 0) {
        }
    }
}

void esnn_port_flush(void)
{
}
