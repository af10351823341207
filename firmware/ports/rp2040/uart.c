/* UART of the RP2040 (a PL011), polled, without its FIFOs: the interrupt line rises with every byte. RP2040 Datasheet,
 * sections 4.2 (UART) and 2.19 (pins). */
#include "uart.h"

#include "board.h"
#include "clock.h"
#include "link/port.h"
#include "register.h"
#include "registers.h"

#define DATA REGISTER(ESNN_PORT_UART, 0x00)
#define FLAGS REGISTER(ESNN_PORT_UART, 0x18)
#define BAUD_WHOLE REGISTER(ESNN_PORT_UART, 0x24)
#define BAUD_FRACTION REGISTER(ESNN_PORT_UART, 0x28)
#define LINE REGISTER(ESNN_PORT_UART, 0x2c)
#define CONTROL REGISTER(ESNN_PORT_UART, 0x30)
#define INTERRUPTS REGISTER(ESNN_PORT_UART, 0x38)

#define NOTHING_RECEIVED (1u << 4)
#define NO_ROOM_TO_SEND (1u << 5)
#define EIGHT_BITS (3u << 5)
#define RECEIVER_AND_TRANSMITTER_ON 0x301u
#define INTERRUPT_BY_A_BYTE (1u << 4)

/* Clock / (16 baud), in parts of 64. */
#define DIVISOR ((4u * ESNN_PORT_CLOCK_HZ + ESNN_PORT_BAUD / 2u) / ESNN_PORT_BAUD)

#define FUNCTION(pin) REGISTER(IO_BANK, 8u * (pin) + 4u)
#define PAD(pin) REGISTER(PADS_BANK, 4u * (pin) + 4u)
#define PULL_UP_IN_AND_4_MA 0x5au /* an open line is a quiet one */

#define UART0_AND_PINS (1u << 22 | 1u << 8 | 1u << 5)

#if ESNN_PORT_UART != 0x40034000
#error "uart: UART0, 0x40034000"
#endif

const char esnn_port_name[] = "rp2040";

void esnn_port_start(void)
{
    esnn_port_clock_start();
    esnn_port_out_of_reset(UART0_AND_PINS);
    PAD(ESNN_PORT_RX_PIN) = PULL_UP_IN_AND_4_MA;
    FUNCTION(ESNN_PORT_TX_PIN) = ESNN_PORT_PIN_FUNCTION;
    FUNCTION(ESNN_PORT_RX_PIN) = ESNN_PORT_PIN_FUNCTION;
    BAUD_WHOLE = DIVISOR / 64u;
    BAUD_FRACTION = DIVISOR % 64u;
    LINE = EIGHT_BITS;
    INTERRUPTS = INTERRUPT_BY_A_BYTE;
    CONTROL = RECEIVER_AND_TRANSMITTER_ON;
}

int esnn_port_received(void)
{
    return (FLAGS & NOTHING_RECEIVED) == 0;
}

uint8_t esnn_port_take(void)
{
    return (uint8_t)(DATA & 0xffu);
}

void esnn_port_write(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        while ((FLAGS & NO_ROOM_TO_SEND) != 0) {
        }
        DATA = data[i];
    }
}

void esnn_port_flush(void)
{
}
