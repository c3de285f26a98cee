// Start of the product window.

import { openWindow } from './open-window';
import { tauriApi } from './lib/tauri-api';

openWindow(tauriApi);
