/* STM32L4+: RM0432, chapters on the USART, the LPUART, clocks (RCC) and pins (GPIO). */
#ifndef ESNN_PORT_REGISTERS_H
#define ESNN_PORT_REGISTERS_H

#define UART_PORT_NAME "stm32l4"

#define UART_STATUS 0x1cu
#define UART_RECEIVED 0x24u
#define UART_TO_SEND 0x28u
#define UART_BAUD_RATE 0x0cu
#define UART_CONTROL_1 0x00u
#define UART_CONTROL_3 0x08u
#define UART_ON 0x01u
#define UART_CONTROL_3_START 0x1000u /* a byte too many is lost, and nothing else happens */

#define RCC 0x40021000u
#define GPIO_ENABLE REGISTER(RCC, 0x4c)
#define GPIO_START 0x48000000u

/* All buses run at the processor's clock. The low-power UART divides by 256 times as much. */
#define LPUART1 0x40008000u
#define UART_SCALE (ESNN_PORT_UART == LPUART1 ? 256ull : 1ull)
#define UART_DIVISOR ((uint32_t)((UART_SCALE * ESNN_PORT_CLOCK_HZ + ESNN_PORT_BAUD / 2u) / ESNN_PORT_BAUD))

#endif
