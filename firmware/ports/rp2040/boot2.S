/* Second stage of an RP2040's boot: its ROM copies the first 256 bytes of the flash to RAM, checks their CRC-32 and runs
 * them there. RP2040 Datasheet, sections 2.8.1 and 4.10 (SSI).
 *
 * The flash is mapped with the plain read command 03h, which every SPI flash has: slower than four lines would be, with
 * the cache in front of it. Then the program starts, whose vectors follow these 256 bytes.
 * This file is not compiled into a firmware: boot2.c holds what it assembles to, with its CRC, and a test compares the two.
 */
    .syntax unified
    .cpu cortex-m0plus
    .thumb
    .section .text

    ldr r0, =0x18000000     /* SSI */
    movs r1, #0
    str r1, [r0, #0x08]     /* off: it cannot be changed while it is on */
    movs r1, #4
    str r1, [r0, #0x14]     /* a quarter of the system's clock */
    ldr r1, =0x001f0300     /* CTRLR0: 32 bits of data; command and address go out, then data come in; one line */
    str r1, [r0, #0x00]
    movs r1, #0
    str r1, [r0, #0x04]     /* CTRLR1: one word at a time */
    ldr r1, =0x03000218     /* command 03h, of 8 bits; 24 bits of address; both on one line */
    ldr r2, =0x180000f4     /* SPI_CTRLR0 */
    str r1, [r2]
    movs r1, #1
    str r1, [r0, #0x08]     /* on */

    ldr r0, =0x10000100     /* the vectors */
    ldr r1, =0xe000ed08     /* VTOR */
    str r0, [r1]
    ldmia r0!, {r1, r2}
    msr msp, r1
    bx r2
    .ltorg
