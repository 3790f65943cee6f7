// The player in a frame: the options of its address, and messages to and from the page around it.
import "./options.js";
import "./messages.js";
import "../player/index.js";
import "./index.css";
