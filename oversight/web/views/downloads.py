"""Files of a run as they were sealed: the register as ODS, XLSX and CSV."""

import re
from typing import Final

from starlette.responses import FileResponse, Response

from oversight.errors import InputError
from oversight.pipeline.publish import published_files
from oversight.web.visit import Visit

_TYPES: Final = {
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}


def register_file(visit: Visit) -> Response:
    """The register of the shown run: as the run's manifest seals it, a draft; of a published run the final one."""
    form = visit.part("form")
    run_id = visit.run.run_id
    final = {path.name: path for path in published_files(visit.site.workspace, run_id)}
    name = f"register.{form}"
    path = final.get(name, visit.site.workspace.runs.folder(run_id) / name)
    if form not in _TYPES or not path.is_file():
        raise InputError(
            "this run has no such file", where=f"register.{form}", next_step=f"Choose one of: {', '.join(_TYPES)}."
        )
    return FileResponse(path, media_type=_TYPES[form], headers=saved(f"register_{run_id}.{form}"))


def saved(name: str) -> dict[str, str]:
    """The header that has a browser save an answer under a name."""
    return {"content-disposition": f'attachment; filename="{re.sub(r"[^A-Za-z0-9._-]", "_", name)}"'}
