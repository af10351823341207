"""Programs that emulate a board. They are run, and never imported: `cortex_m` needs unicorn, which is GPL-2.0."""
