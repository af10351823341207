/* Control and status registers, by name. */
#ifndef ESNN_PORT_CSR_H
#define ESNN_PORT_CSR_H

#define ESNN_PORT_CSR_READ(name, variable) __asm__ volatile("csrr %0, " #name : "=r"(variable)::"memory")
#define ESNN_PORT_CSR_WRITE(name, value) __asm__ volatile("csrw " #name ", %0" ::"r"(value) : "memory")

#endif
