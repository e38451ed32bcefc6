/** The parts of the page that the first picture does without (see later.js). */
export { businessView } from "./pages/business/page.js";
export { hallView } from "./pages/hall/page.js";
export { serviceView } from "./pages/service/page.js";
export { loadContent } from "./online-actions.js";
export { detailDialog } from "./pages/ukey/detail.js";
export { pinTab } from "./pages/ukey/pin.js";
export { emptyFields } from "./pages/ukey/pin-actions.js";
export { forgotDialog, lastTryDialog, workingDialog } from "./pages/ukey/pin-dialogs.js";
export { sealDialog, sealTab } from "./pages/ukey/seal.js";
export { loadPictures } from "./pages/ukey/seal-pictures.js";
export { registrationChanged, watchRegistration } from "./registration/actions.js";
export { registrationDialog } from "./registration/dialog.js";
export { aboutDialog } from "./ui/about.js";
export { aside } from "./ui/aside.js";
export { linkSheet } from "./ui/link-sheet.js";
export { networkDialog, openNetwork } from "./ui/network-dialog.js";
export { newsDialog } from "./ui/news-dialog.js";
export { menu } from "./ui/menu.js";
