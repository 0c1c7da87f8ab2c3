/** True in `npm run test:long`: what is alike in several ways is tried in all of them, and all that is seen is looked at. */
export const LONG = Boolean(process.env.LONG)

/** Whether every screen is looked at in every way: by the long test, and where pictures to look at are taken. */
export const EVERYWHERE = LONG || Boolean(process.env.SHOTS)
