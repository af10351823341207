/* STM32F100 (RM0041), with the registers of its USART in section 23.6. */
#ifndef ESNN_PORT_REGISTERS_H
#define ESNN_PORT_REGISTERS_H

#define UART_PORT_NAME "stm32f1"

#define UART_STATUS 0x00u
#define UART_RECEIVED 0x04u
#define UART_TO_SEND 0x04u
#define UART_BAUD_RATE 0x08u
#define UART_CONTROL_1 0x0cu
#define UART_CONTROL_3 0x14u
#define UART_ON 0x2000u
#define UART_CONTROL_3_START 0u

#define UART_DIVISOR ((ESNN_PORT_CLOCK_HZ + ESNN_PORT_BAUD / 2u) / ESNN_PORT_BAUD)

#endif
