"""The stages, each callable alone and safe to run twice: collect, read, link, run, alert, status.

`workspace` opens the stores, `select` chooses the evidence an `AsAt` admits, `run` judges and publishes it.
To add a stage: a module here, a command in `oversight.cli`, a job in `oversight.schedule`.
"""
