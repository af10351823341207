/* System and UART clock from the crystal through the PLL. */
#include "clock.h"

#include "board.h"
#include "register.h"
#include "registers.h"

#define IN_RESET REGISTER(RESETS, 0x0)
#define OUT_OF_RESET REGISTER(RESETS, 0x8)

#define CRYSTAL_CONTROL REGISTER(CRYSTAL, 0x00)
#define CRYSTAL_STATUS REGISTER(CRYSTAL, 0x04)
#define CRYSTAL_STARTUP REGISTER(CRYSTAL, 0x0c)
#define CRYSTAL_ON (0xfabu << 12 | 0xaa0u)
#define CRYSTAL_STABLE (1u << 31)
#define STARTUP_1_MS ((CRYSTAL_HZ / 1000u + 128u) / 256u)

#define PLL_STATUS REGISTER(PLL_SYS, 0x0)
#define PLL_POWER REGISTER(PLL_SYS, 0x4)
#define PLL_MULTIPLY REGISTER(PLL_SYS, 0x8)
#define PLL_DIVIDE REGISTER(PLL_SYS, 0xc)
#define PLL_LOCKED (1u << 31)
#define OUTPUT_DOWN 0x08u
#define FRACTION_OFF 0x04u
#define DIVIDE_BY_6_AND_2 (6u << 16 | 2u << 12)

#define REFERENCE REGISTER(CLOCKS, 0x30)
#define REFERENCE_CHOSEN REGISTER(CLOCKS, 0x38)
#define SYSTEM REGISTER(CLOCKS, 0x3c)
#define SYSTEM_CHOSEN REGISTER(CLOCKS, 0x44)
#define PERIPHERALS REGISTER(CLOCKS, 0x48)
#define FROM_CRYSTAL 2u
#define CRYSTAL_CHOSEN (1u << 2)
#define FROM_PLL 1u
#define PLL_CHOSEN (1u << 1)
#define SAME_AS_SYSTEM (1u << 11)

#define PLL_RESET (1u << 12)
#define MULTIPLIER (ESNN_PORT_CLOCK_HZ * 12ull / CRYSTAL_HZ)

#if ESNN_PORT_CLOCK_HZ < 63000000 || ESNN_PORT_CLOCK_HZ > 133000000 || ESNN_PORT_CLOCK_HZ % 1000000 != 0
#error "clock_hz: 63 to 133 MHz, whole megahertz"
#endif

void esnn_port_out_of_reset(uint32_t peripherals)
{
    IN_RESET &= ~peripherals;
    while ((OUT_OF_RESET & peripherals) != peripherals) {
    }
}

static void start_crystal(void)
{
    CRYSTAL_STARTUP = STARTUP_1_MS;
    CRYSTAL_CONTROL = CRYSTAL_ON;
    while ((CRYSTAL_STATUS & CRYSTAL_STABLE) == 0) {
    }
    REFERENCE = FROM_CRYSTAL;
    while ((REFERENCE_CHOSEN & CRYSTAL_CHOSEN) == 0) {
    }
}

/* The VCO at twelve times the clock. */
static void start_pll(void)
{
    esnn_port_out_of_reset(PLL_RESET);
    PLL_STATUS = 1;
    PLL_MULTIPLY = (uint32_t)MULTIPLIER;
    PLL_POWER = OUTPUT_DOWN | FRACTION_OFF;
    while ((PLL_STATUS & PLL_LOCKED) == 0) {
    }
    PLL_DIVIDE = DIVIDE_BY_6_AND_2;
    PLL_POWER = FRACTION_OFF;
}

void esnn_port_clock_start(void)
{
    start_crystal();
    start_pll();
    SYSTEM = FROM_PLL;
    while ((SYSTEM_CHOSEN & PLL_CHOSEN) == 0) {
    }
    PERIPHERALS = SAME_AS_SYSTEM;
}
