// Pages that renew a part of themselves say so in attributes; see the meta tag in base.html for what it may do.
import "htmx.org";
