// Runs before the first paint, so that a chosen theme never flashes. A file of its own: the content policy takes no inline scripts.
try {
  const theme = localStorage.getItem('biologidex.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage is forbidden here: the theme follows the device.
}
