/**
 * True while a sheet or a menu waits for an answer: keys belong to it. Toasts call themselves dialogs too, but wait for nobody.
 * Apart from the sheet itself, so that a page that only asks does not load the dialogs.
 */
export const isSheetOpen = (): boolean => document.querySelector('.sheet, .menu:popover-open') !== null
