"""Error pages, walls and bodies cut short, as servers send them with status 200: own words, markup of their kind."""

# ruff: noqa: E501 - an answer reads best in one line

from __future__ import annotations

from typing import NamedTuple

HOST = "cedar.example"


class Kind(NamedTuple):
    """A kind of answer that is no page, its bytes, and whether only the page's own past can tell it."""

    body: bytes
    needs_past: bool = False


def doc(title: str, body: str, head: str = "", lang: str = "en") -> bytes:
    """Write a document."""
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body>{body}</body></html>"
    ).encode()


def lines(*texts: str) -> str:
    """Write the first as a heading, the others as paragraphs."""
    first, *rest = texts
    return f"<h1>{first}</h1>" + "".join(f"<p>{one}</p>" for one in rest)


def simple(title: str, *texts: str, lang: str = "en") -> bytes:
    """Write a document of a heading and paragraphs."""
    return doc(title, lines(*texts), lang=lang)


FRAMES = "".join(f"<li>File /app/views/part{number}.py, in render, step {number}</li>" for number in range(30))
KINDS = {
    "WordPress: critical error": Kind(doc("WordPress &rsaquo; Error", '<div class="wp-die-message"><p>There has been a critical error on this website. Please check your site admin email inbox for instructions.</p></div>')),
    "WordPress: database": Kind(doc("Database Error", lines("Error establishing a database connection"))),
    "WordPress: maintenance": Kind(simple("Maintenance", "Briefly unavailable for scheduled maintenance. Check back in a minute.")),
    "maintenance plug-in": Kind(simple("Cedar Clinic", "We are polishing things up", "Our website is undergoing maintenance. Thank you for your patience, we will be back shortly. Call 555 0100 in the meantime.")),
    "Drupal: unexpected error": Kind(b"The website encountered an unexpected error. Please try again later."),
    "Joomla: offline": Kind(simple("Cedar", "Cedar", "This site is down for maintenance. Please check back again soon.")),
    "PHP: fatal error": Kind(b"<br />\n<b>Fatal error</b>:  Uncaught TypeError: strlen() expects a string in /home/cedar/public_html/wp-content/plugins/x/y.php:88\nStack trace:\n#0 {main}\n  thrown in <b>/home/cedar/public_html/y.php</b> on line <b>88</b><br />"),
    "MySQL": Kind(b"<html><body>Could not connect to MySQL server: Access denied for user 'cedar'@'localhost' (using password: YES)</body></html>"),
    "ASP.NET: yellow screen": Kind(simple("Runtime Error", "Server Error in '/' Application.", "Description: An application error occurred on the server. The current custom error settings for this application prevent the details of the error from being viewed remotely.")),
    "Django: debug page": Kind(doc("OperationalError at /care/", lines("OperationalError at /care/", "could not connect to server: Connection refused", "You see this error because you have DEBUG = True in your Django settings file.") + f"<h2>Traceback (most recent call last)</h2><ul>{FRAMES}</ul>")),
    "Rails": Kind(simple("We're sorry, but something went wrong (500)", "We're sorry, but something went wrong.", "If you are the application owner check the logs for more information.")),
    "Laravel": Kind(simple("Server Error", "500", "Server Error")),
    "proxy: bad gateway": Kind(b"<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx/1.24.0</center></body></html>"),
    "proxy: Squid": Kind(simple("ERROR: The requested URL could not be retrieved", "ERROR", "The following error was encountered while trying to retrieve the URL: Connection to 192.0.2.7 failed.")),
    "Cloudflare: challenge": Kind(doc("Just a moment...", "<h2>cedar.example needs to review the security of your connection before proceeding.</h2><p>Ray ID: 8a1</p>", "<script>window._cf_chl_opt={}</script>")),
    "Cloudflare: origin down": Kind(doc("cedar.example | 521: Web server is down", '<div class="cf-error-details">' + lines("Web server is down Error code 521", "The web server is not returning a connection. As a result, the web page is not displaying.", "Please try again in a few minutes.") + "</div>")),
    "Sucuri": Kind(simple("Sucuri WebSite Firewall - Access Denied", "Access Denied - Sucuri Website Firewall", "If you are the site owner please open a support ticket. Block reason: Access from your Country was disabled by the administrator.")),
    "Imperva": Kind(b'<html><head><META NAME="robots" CONTENT="noindex,nofollow"><script src="/_Incapsula_Resource?SWJIYLWA=5"></script></head><body>Request unsuccessful. Incapsula incident ID: 877-1</body></html>'),
    "Akamai": Kind(b"<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD><BODY><H1>Access Denied</H1>You don't have permission to access \"http://cedar.example/care/\" on this server.<P>Reference #18.2f&#46;1</P><P>https://errors.edgesuite.net/18.2f</P></BODY></HTML>"),
    "PerimeterX": Kind(doc("Access to this page has been denied", '<div id="px-captcha">' + lines("Press &amp; Hold to confirm you are a human (and not a bot).", "Reference ID 3f-1") + "</div>")),
    "DataDome": Kind(doc(HOST, "<p>Please enable JS and disable any ad blocker</p>", '<script src="https://ct.captcha-delivery.example/c.js"></script>')),
    "hCaptcha gate": Kind(doc("Security check", "<form>" + lines("One more step", "Please complete the security check to access cedar.example") + '<div class="h-captcha"></div></form>')),
    "proof of work": Kind(simple("Making sure you're not a bot!", "Making sure you're not a bot!", "Loading...", "The people who run this server set up a check to protect the server against scraping. It uses proof-of-work.")),
    "AWS WAF": Kind(doc("Human Verification", "<noscript>JavaScript is disabled. In order to continue, we need to verify that you're not a robot. This requires JavaScript.</noscript><div></div>", "<script>AwsWafIntegration.checkForceRefresh()</script>")),
    "Wordfence": Kind(simple("Your access to this site has been limited", "Your access to this site has been limited by the site owner", "Your access to this service has been limited. (HTTP response code 503)", "Block Reason: Access from your area has been temporarily limited for security reasons", "Generated by Wordfence")),
    "ModSecurity": Kind(simple("Not Acceptable!", "Not Acceptable!", "An appropriate representation of the requested resource could not be found on this server. Your request was blocked by a security rule. Support ID: 772")),
    "SiteGround captcha": Kind(doc("Robot Challenge Screen", lines("Checking the site connection security", "cedar.example has to check that your connection is secure."), '<meta http-equiv="refresh" content="0;/.well-known/sgcaptcha/?r=%2Fcare%2F">')),
    "script that sets a cookie": Kind(b"<html><body><script>document.cookie='k=1;path=/';location.reload();</script><noscript>Please enable JavaScript to view this page.</noscript></body></html>"),
    "single-page shell": Kind(doc("Cedar", "<noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div>")),
    "empty shell": Kind(doc("Cedar", "<div id=app></div>")),
    "refresh page": Kind(doc("Redirecting", "<p>You are being redirected. If you are not redirected automatically, <a href='/new/'>click here</a>.</p>", '<meta http-equiv="refresh" content="3;url=/new/">')),
    "hotel network": Kind(doc("Welcome to Harbour Hotel Wi-Fi", "<form>" + lines("Guest internet access", "Enter your room number and surname to connect to the internet. Accept the terms of use of our Wi-Fi.") + "<input name=room><input type=submit></form>")),
    "age wall": Kind(simple("Age verification", "Are you over 18?", "You must be at least 18 years of age to enter this website.", "Yes, I am over 18", "No, leave")),
    "consent wall": Kind(simple("Before you continue", "Before you continue", "We and our 312 partners store cookies and use them to process personal data.", "Accept all", "Reject all", "Manage options")),
    "geographic block": Kind(simple("Unavailable", "We're sorry", "This website is not available in your region. Because of the General Data Protection Regulation (GDPR) we cannot serve visitors from the European Union.")),
    "GoDaddy: parked": Kind(simple(HOST, "This Web page is parked for FREE, courtesy of GoDaddy.com", "Is this your domain? Let's turn it into a website.")),
    "Sedo: for sale": Kind(simple(f"{HOST} is for sale", f"The domain {HOST} is for sale!", "Make an offer and the seller will reply within a day. Buyer protection and safe transfer.")),
    "Namecheap: parking": Kind(simple(HOST, f"{HOST}", "This domain was recently registered at Namecheap. Please check back later!")),
    "cPanel: suspended": Kind(doc("Account Suspended", lines("Account Suspended", "This account has been suspended. Contact your hosting provider for more information."), '<meta http-equiv="refresh" content="0;url=/cgi-sys/suspendedpage.cgi">')),
    "cPanel: default page": Kind(simple("Default Web Site Page", "SORRY!", "If you are the owner of this website, please contact your hosting provider: webmaster@cedar.example", "It is possible you have reached this page because the IP address has changed or there has been a server misconfiguration.")),
    "Plesk: default page": Kind(simple("Web Server's Default Page", "Web Server's Default Page", "This page is generated by Plesk, the hosting control panel.", "You see this page because there is no website at this address.")),
    "nginx: default page": Kind(simple("Welcome to nginx!", "Welcome to nginx!", "If you see this page, the nginx web server is successfully installed and working. Further configuration is required.")),
    "Apache: default page": Kind(simple("Apache2 Debian Default Page: It works", "It works!", "This is the default welcome page used to test the correct operation of the Apache2 server after installation. If you can read this page, it means that the Apache HTTP server installed at this site is working properly. You should replace this file before continuing to operate your HTTP server.", *["The configuration layout for an Apache2 web server installation on these systems keeps ports, modules and sites in files of their own under the folder for settings."] * 5)),
    "IIS": Kind(doc("IIS Windows Server", '<img src="iisstart.png" alt="IIS">')),
    "Wix: not connected": Kind(simple("Error ConnectYourDomain", "Looks Like This Domain Isn't Connected To A Website Yet!", "Is this your domain? Connect it to your website in a few steps.")),
    "Squarespace: expired": Kind(simple("Website Expired", "Website Expired", "This account has expired. If you are the site owner, click below to login.")),
    "Squarespace: private": Kind(doc("Cedar", "<form>" + lines("Cedar", "This site is private. Please enter the password below.") + "<input type=password></form>")),
    "Shopify: password": Kind(doc("Cedar – Opening Soon", lines("Opening soon", "Be the first to know when we launch.") + "<form><label>Enter store using password</label><input type=password></form>")),
    "Shopify: unavailable": Kind(simple("Store unavailable", "Sorry, this store is currently unavailable.", "Are you the store owner? Log in here")),
    "German: maintenance": Kind(simple("Wartungsarbeiten", "Wartungsarbeiten", "Unsere Website ist wegen Wartung vorübergehend nicht erreichbar. Wir sind in Kürze wieder für Sie da.", lang="de")),
    "Spanish: wall": Kind(simple("Un momento…", HOST, "Verificando que usted es humano. Esto puede tardar unos segundos.", "El sitio necesita revisar la seguridad de su conexión antes de continuar.", lang="es")),
    "French: error": Kind(simple("Erreur", "Une erreur est survenue", "Le site est momentanément indisponible. Veuillez réessayer plus tard.", lang="fr")),
    "Portuguese: for sale": Kind(simple(HOST, "Domínio à venda", f"O domínio {HOST} está à venda. Faça uma oferta.", lang="pt")),
    "Arabic: maintenance": Kind(doc("الموقع تحت الصيانة", '<div dir="rtl">' + lines("الموقع تحت الصيانة", "نقوم حاليا بأعمال صيانة. سنعود قريبا، نعتذر عن الإزعاج.") + "</div>", lang="ar")),
    "Hebrew: wall": Kind(doc("רק רגע...", '<div dir="rtl">' + lines(HOST, "אנו מוודאים שאתם אנושיים. הפעולה עשויה להימשך כמה שניות.") + "</div>", lang="he")),
    "Russian: refused": Kind(simple("Доступ запрещён", "Доступ запрещён", "Ваш запрос заблокирован. Подтвердите, что вы не робот.", lang="ru")),
    "Chinese: check": Kind(simple("安全验证", "安全验证", "请确认您是真人。您的访问已被限制。", lang="zh")),
    "soft 404 in Italian": Kind(simple("Pagina non trovata", "Pagina non trovata", "La pagina che cerchi non esiste.", lang="it")),
    "wall in a language that we do not know": Kind(simple("Czekaj chvilku", "Ožyžr na tvój sjgnál", "Prøsim počkåj, ved kontrøla je v běhu i potrva ledva čas.", lang="x"), needs_past=True),
}  # fmt: skip
# a page that a site had before, in the site's own frame
NAMES = ("care", "fees", "team", "contact", "hours")
MENU = "".join(f"<li><a href='/{name}/'>{name.title()}</a></li>" for name in NAMES)
PARAGRAPHS = [
    f"We give ketamine for {what} in a quiet room, a nurse stays beside you, and most visits take about {how} minutes;"
    f" people tell us of {then} afterwards."
    for what, how, then in (
        ("low mood", "forty", "calm"), ("long pain", "ninety", "sleep"), ("worry", "fifty", "rest"),
        ("grief", "thirty", "ease"), ("old wounds", "sixty", "hope"), ("migraine", "seventy", "quiet"),
    )
]  # fmt: skip


def site_page(title: str, paragraphs: list[str]) -> bytes:
    """Write a page in the frame of its site."""
    body = "".join(f"<p>{one}</p>" for one in paragraphs)
    return doc(
        f"{title} | Cedar Clinic",
        f"<header><nav><ul>{MENU}</ul></nav></header><main><h1>{title}</h1>{body}</main>"
        "<footer><p>Cedar Clinic, 12 Mill Lane, Alder. Call 555 0100 from nine to five.</p></footer>",
    )
