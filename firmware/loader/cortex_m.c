/* Arm Cortex-M: SysTick measures the time (Armv7-M ARM, B3.3), the vector table is moved (B3.2.5). */
#include "board.h"
#include "esnn_loader_layout.h"
#include "machine.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define SYSTICK_CTRL REGISTER(0xe000e010u)
#define SYSTICK_RELOAD REGISTER(0xe000e014u)
#define SYSTICK_VALUE REGISTER(0xe000e018u)
#define ICSR REGISTER(0xe000ed04u)
#define VTOR REGISTER(0xe000ed08u)
#define NVIC_DISABLE(n) REGISTER(0xe000e180u + 4u * (n))
#define NVIC_CLEAR(n) REGISTER(0xe000e280u + 4u * (n))

#define PROCESSOR_CLOCK_WITH_INTERRUPT 7u
#define COUNTED_TO_ZERO (1u << 16)
#define CLEAR_PENDING_SYSTICK (1u << 25)
#define TICK_MS 10u
#define NVIC_WORDS 8u

static uint32_t ticks;

/* The interrupt only ends the sleep in esnn_port_read. */
void esnn_port_systick(void);
void esnn_port_systick(void)
{
}

void esnn_loader_window_open(void)
{
    ticks = 0;
    SYSTICK_RELOAD = ESNN_PORT_CLOCK_HZ / 1000u * TICK_MS - 1u;
    SYSTICK_VALUE = 0;
    SYSTICK_CTRL = PROCESSOR_CLOCK_WITH_INTERRUPT;
}

int esnn_loader_window_over(void)
{
    if ((SYSTICK_CTRL & COUNTED_TO_ZERO) != 0) {
        ICSR = CLEAR_PENDING_SYSTICK;
        ticks++;
    }
    return ticks * TICK_MS >= ESNN_LOADER_WINDOW_MS;
}

void esnn_loader_window_close(void)
{
    SYSTICK_CTRL = 0;
    ICSR = CLEAR_PENDING_SYSTICK;
}

void esnn_loader_jump(uint32_t address)
{
    const volatile uint32_t *vectors = (const volatile uint32_t *)address;
    uint32_t stack = vectors[0];
    uint32_t entry = vectors[1];
    for (uint32_t i = 0; i < NVIC_WORDS; i++) {
        NVIC_DISABLE(i) = 0xffffffffu;
        NVIC_CLEAR(i) = 0xffffffffu;
    }
    VTOR = address;
    __asm__ volatile("dsb\n isb\n cpsie i\n msr msp, %0\n bx %1" ::"r"(stack), "r"(entry) : "memory");
}
