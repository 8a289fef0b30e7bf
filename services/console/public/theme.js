// Before the first paint: the theme that was chosen here last, and that parts of forms may be folded.
document.documentElement.classList.add('js')
try {
  const theme = localStorage.getItem('theme')
  if (theme) document.documentElement.dataset.theme = theme
} catch {}
