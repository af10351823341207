/* Reading a byte, or sleeping until one comes. The UART's interrupt only wakes the processor: WFI returns for one that
 * is enabled and waits, even while mstatus keeps interrupts off, as it does from reset on (RISC-V Privileged
 * Architecture 20211203, 3.3.3). So no handler ever runs, and counts and stack are the program's alone. It comes through
 * a PLIC (RISC-V Platform-Level Interrupt Controller Specification 1.0.0), whose context 0 is the first processor in
 * machine mode. */
#include "board.h"
#include "csr.h"
#include "link/port.h"
#include "register.h"
#include "uart.h"

#define PRIORITY REGISTER(ESNN_PORT_PLIC, 4u * ESNN_PORT_UART_IRQ)
#define ENABLE REGISTER(ESNN_PORT_PLIC, 0x2000u + 4u * (ESNN_PORT_UART_IRQ / 32u))
#define THRESHOLD REGISTER(ESNN_PORT_PLIC, 0x200000u)
#define CLAIM REGISTER(ESNN_PORT_PLIC, 0x200004u)
#define LINE (1u << (ESNN_PORT_UART_IRQ % 32u))

#define EXTERNAL (1u << 11) /* of mie */

static void sleep_until_a_byte_comes(void)
{
    PRIORITY = 1;
    THRESHOLD = 0;
    ENABLE = LINE;
    ESNN_PORT_CSR_WRITE(mie, EXTERNAL);
    if (!esnn_port_received()) {
        __asm__ volatile("wfi" ::: "memory"); /* returns at once for a byte that came since the lines above */
    }
    ESNN_PORT_CSR_WRITE(mie, 0u);
    CLAIM = CLAIM; /* taken and done with: it is passed on again while a byte waits */
}

int esnn_port_read(void)
{
    if (esnn_port_received()) {
        return esnn_port_take();
    }
    sleep_until_a_byte_comes();
    return -1;
}
