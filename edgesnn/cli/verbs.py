"""The verbs and what each is for, in one line; kept apart so that `edgesnn --help` imports nothing else."""

VERBS = {
    "models": "List the networks of the model zoo.",
    "targets": "List the targets that models run on.",
    "boards": "List the boards, emulators and interpreters of the targets.",
    "doctor": "Say what is present, what is missing, and the command that gets it.",
    "encode": "Fit a front end that turns recordings into a model's spikes.",
    "train": "Train a network of the zoo, or your own, and write its integer model.",
    "compress": "Quantise, prune and retrain a trained network by a recipe, and write its integer model.",
    "check": "Say whether a board can run a model exactly, and if not, why.",
    "build": "Write the files that run a model on a board, to take away.",
    "flash": "Put a model on a board.",
    "deploy": "Check, build, flash, verify, profile and report, in one go.",
    "run": "Run a model on a data set and print its accuracy.",
    "listen": "Stream recordings to a board in chunks and compare all it hears with the reference.",
    "learn": "Teach a network on a board, sample by sample, and compare what it learned with the reference.",
    "verify": "Compare a running board with the reference interpreter, integer by integer.",
    "profile": "Measure memory, stack, instructions, spikes and energy on a board.",
    "budget": "Account for bits, operations, bytes and modelled joules, as defined and on every target.",
    "fit": "Search bits, time steps and channels for the most accurate model that fits a board.",
    "report": "Put saved results into one table and one HTML page.",
}
