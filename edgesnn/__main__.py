"""`python -m edgesnn`, for torchrun and for those whose scripts are not on the PATH."""

from edgesnn.cli import main

if __name__ == "__main__":
    main()
