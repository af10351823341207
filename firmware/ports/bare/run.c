#include "run.h"

#include <stdint.h>

#include "link/link.h"
#include "uart.h"

extern uint32_t esnn_port_data_load[], esnn_port_data_start[], esnn_port_data_end[]; /* from the linker script */
extern uint32_t esnn_port_bss_start[], esnn_port_bss_end[];

void esnn_port_run(void)
{
    uint32_t *from = esnn_port_data_load;
    for (uint32_t *to = esnn_port_data_start; to < esnn_port_data_end; to++) {
        *to = *from++;
    }
    for (uint32_t *to = esnn_port_bss_start; to < esnn_port_bss_end; to++) {
        *to = 0;
    }
    esnn_port_start();
    esnn_link_start();
    for (;;) {
        esnn_link_poll();
    }
}
