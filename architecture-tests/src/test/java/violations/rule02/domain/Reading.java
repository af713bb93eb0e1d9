package violations.rule02.domain;

import java.io.InputStream;

record Reading(InputStream in) {}
