/* Reset of a RISC-V processor, in machine mode (RISC-V Privileged Architecture 20211203, 3.4). It begins with the first
 * instruction of the image. No interrupt has a handler; a fault parks the processor. */
#include <stdint.h>

#include "csr.h"
#include "run.h"
#include "stack.h"

void esnn_port_entry(void);
void esnn_port_reset(void);
void esnn_port_fault(void);

/* Where a stack is still to come. */
__attribute__((naked, used, section(".vectors"))) void esnn_port_entry(void)
{
    __asm__ volatile("la sp, esnn_port_stack_high\n\t"
                     "j esnn_port_reset");
}

__attribute__((aligned(4))) void esnn_port_fault(void) /* aligned: the lowest bits of mtvec are a mode */
{
    for (;;) {
    }
}

void esnn_port_reset(void)
{
    esnn_port_stack_paint();
    ESNN_PORT_CSR_WRITE(mtvec, (uint32_t)(uintptr_t)esnn_port_fault);
    esnn_port_run();
}
