/* STM32F4: RM0390 (STM32F446), chapters 6 (clocks), 7 (pins) and 25 (USART); RM0090 (STM32F405) has the same. */
#ifndef ESNN_PORT_REGISTERS_H
#define ESNN_PORT_REGISTERS_H

#define UART_PORT_NAME "stm32f4"

#define UART_STATUS 0x00u
#define UART_RECEIVED 0x04u
#define UART_TO_SEND 0x04u
#define UART_BAUD_RATE 0x08u
#define UART_CONTROL_1 0x0cu
#define UART_CONTROL_3 0x14u
#define UART_ON 0x2000u
#define UART_CONTROL_3_START 0u

#define RCC 0x40023800u
#define GPIO_ENABLE REGISTER(RCC, 0x30)
#define GPIO_START 0x40020000u

#define HSI_HZ 16000000u
#define APB2_START 0x40010000u

/* family.c runs APB1 at a quarter and APB2 at a half of the processor's clock, unless that is the oscillator's own. */
#define UART_BUS_DIVISOR (ESNN_PORT_CLOCK_HZ == HSI_HZ ? 1u : ESNN_PORT_UART < APB2_START ? 4u : 2u)
#define UART_DIVISOR ((ESNN_PORT_CLOCK_HZ / UART_BUS_DIVISOR + ESNN_PORT_BAUD / 2u) / ESNN_PORT_BAUD)

#endif
