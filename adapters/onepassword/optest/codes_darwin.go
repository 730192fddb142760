package optest

// channelClosed is what the library returns when the app does not accept it.
const channelClosed = -3
