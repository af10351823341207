/* RP2040 Datasheet: section 2.2 (addresses), and the register lists of the chapters named beside them. */
#ifndef ESNN_PORT_REGISTERS_H
#define ESNN_PORT_REGISTERS_H

#define RESETS 0x4000c000u    /* 2.14 */
#define CLOCKS 0x40008000u    /* 2.15 */
#define CRYSTAL 0x40024000u   /* 2.16 */
#define PLL_SYS 0x40028000u   /* 2.18 */
#define IO_BANK 0x40014000u   /* 2.19 */
#define PADS_BANK 0x4001c000u /* 2.19 */

#define CRYSTAL_HZ 12000000u

#endif
