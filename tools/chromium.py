"""Where Chromium is on this machine, and what it does without there."""

from __future__ import annotations

import shutil

#: Debian's name, Ubuntu's, and that of the browser made of it.
NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
#: What Chromium is to do without: what Playwright tells it, of whose two lists the last one counts;
#: and what each window would make for its address bar, which takes longer than a page of the book.
WITHOUT = "--disable-features=" + ",".join(
    [
        *("AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect"),
        *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose"),
        *("HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay", "MediaRouter"),
        *("NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding", "PreconnectToSearch"),
        *("ThirdPartyStoragePartitioning", "WebUIOmniboxAimPopup", "WebUIOmniboxPopup"),
    ]
)
