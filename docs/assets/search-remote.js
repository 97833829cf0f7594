/* The search of a large collection's speech, for the dialog. */

import { prepareRemote, searchRemote } from "./scripts/remote.js"

window.sicIndex("remote", { prepareRemote, searchRemote })
