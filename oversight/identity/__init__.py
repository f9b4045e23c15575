"""Who is who: names, matching owners to companies, groups under one control. Pure."""
