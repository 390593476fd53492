"""Which hosts are another address of a site: staging, builder and preview hosts."""

from __future__ import annotations

import re

__all__ = ["is_builder_host", "staging_sign"]

# a label of the host, or a part of one, that says what the host is for; words that names have too count as a label only
_STAGING = re.compile(
    r"(?:^|[.-])(?:stag(?:e|ing)\d*|stg\d*|dev\d*|test\d*|preview\d*|sandbox|uat)(?=[.-])"
    r"|^(?:[^.]+\.)*?(?:devel|testing|beta|qa|demo\d*|clone|mirror|backup|temp|tmp|old|new|prelaunch|wip)(?=\.)"
    r"|staging"
)
# suffixes under which builders, hosters and theme shops show sites before (or instead of) their own domain;
# collected from the builders' own help pages, and from hosts of ../shared/domain/DOMAIN.md
_BUILDERS = """
    azurewebsites.net bigcartel.com blogspot.com bubbleapps.io builderall.com business.site carrd.co
    cloudwaysapps.com cloudfront.net digitalocean.app dudaone.com duda.co editmysite.com editorx.io firebaseapp.com
    flywheelsites.com framer.app framer.website github.io gitlab.io godaddysites.com hubspotpagebuilder.com hs-
    sites.com herokuapp.com hostingersite.com instawp.xyz jimdosite.com jimdofree.com kinsta.cloud kinsta.page
    leadpages.co lovable.app multiscreensite.com myftpupload.com mykajabi.com mysites.io myshopify.com
    mystagingwebsite.com netlify.app onrender.com pages.dev pantheonsite.io render.com replit.app sg-host.com
    showit.site siteground.biz squarespace.com strikingly.com tempurl.host typedream.app umso.co unbouncepages.com
    vercel.app web.app webflow.io weebly.com weeblysite.com wixsite.com wixstudio.io wordpress.com wpcomstaging.com
    wpengine.com wpenginepowered.com wpmudev.host wpstaging.com zyrosite.com
"""
_SUFFIX = re.compile(rf"(?:^|\.)(?:{'|'.join(map(re.escape, _BUILDERS.split()))})$")


def is_builder_host(host: str) -> bool:
    """Tell a host under the domain of a site builder; many clinics have no other one, so it is a sign, no proof.

    >>> is_builder_host("calm-lovat.vercel.app"), is_builder_host("vercel.example")
    (True, False)
    """
    return _SUFFIX.search(host) is not None


def staging_sign(host: str) -> str:
    """Say which sign marks a host as a staging, builder or preview one; empty where none does.

    >>> staging_sign("dev.cedar.example"), staging_sign("cedar.example"), staging_sign("cedar.webflow.io")
    ('dev', '', 'webflow.io')
    """
    if found := _SUFFIX.search(host):
        return found[0].strip(".")
    found = _STAGING.search(host.rpartition(".")[0] + ".")
    return found[0].strip(".-").rpartition(".")[2] if found else ""
