export const exchange = {
  'exchange.changes': '{count, plural, one {one change} other {{shown} changes}}',
  'exchange.photos': '{count, plural, one {one photo} other {{shown} photos}}',
  'exchange.binned': '{count, plural, one {one removed photo} other {{shown} removed photos}} that could still come back',
  'exchange.begun': 'what you began to capture, with {count, plural, one {one photo} other {{shown} photos}}',
  'exchange.bringIn': 'Bring in saved work',
  'exchange.bringing': 'Reading the file…',
  'exchange.bringIn.hint': 'A file that was saved at a sign-out: what is not on the server yet goes up from here.',
  'exchange.taken': 'Brought in: {what}.',
  'exchange.nothingNew': 'All of it is here already. Nothing was changed.',
  'exchange.nothingTaken': 'Nothing new could be brought in.',
  'exchange.left.unknown':
    '{count, plural, one {One change was left out: it was} other {{shown} changes were left out: they were}} made by a newer version of the app. Reload the app and bring the file in again.',
  'exchange.left.unfit':
    '{count, plural, one {One change was left out: it is} other {{shown} changes were left out: they are}} damaged, or more than a dex takes. The words are still in the file, in work.json.',
  'exchange.left.photos':
    '{count, plural, one {One photo was left out: it is} other {{shown} photos were left out: they are}} not in the file, or damaged.',
  'exchange.notWork': 'This file holds no saved work, or is damaged. Nothing was changed.',
  'exchange.other': 'This is the saved work of {username}, another account. Nothing was changed.',
  'exchange.failed': 'This file could not be read. Nothing was changed.',
  'exchange.tooMuch': 'This is more than one file can hold that could be brought in again. Send it, or part of it, first.',
  'exchange.lacking':
    '{count, plural, one {One photo is} other {{shown} photos are}} not in it: this device cannot open {count, plural, one {it} other {them}} any more.',
  'exchange.notSaved': 'The file could not be written. Everything is still here.',
  'exchange.readme':
    'This is work of {username} in BiologiDex that had not reached the server when it was saved.\n\nwork.json   the changes, in the order they were made, and which photos belong to them\nphotos/     the original photos, as they were taken\n\nA sighting that was begun and not kept is in it as a private entry.\n\nTo send it: sign in as {username} on any device, open Settings and choose "Bring in saved work". What is on the server already is left out, so nothing is kept twice.\n\nThe file is not sealed: notes, private ones too, and places can be read by whoever has it.\n',
} as const
