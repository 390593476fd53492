# ruff: noqa: E501  # markup stands as sites send it
"""Ten more page chromes, written after the rules of the reader were done: none of them was tuned on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.chromes import COMMENTS, CONDITIONS, MENU, OTHERS, Post, anchors, filler_script, filler_style

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["MORE_PLATFORMS"]


def _tags(heading: str, paragraph: str) -> Callable[[str, str], str]:
    """Wrap headings and paragraphs in the markup given, ``{}`` standing for the text."""
    return lambda kind, text: (heading if kind == "heading" else paragraph).format(text)


def _divi(post: Post) -> str:
    module = '<div class="et_pb_module et_pb_text et_pb_text_{0} et_pb_text_align_left et_pb_bg_layout_light"><div class="et_pb_text_inner">'
    body = post.body(_tags("<h2><strong>{}</strong></h2>", "<p><span>{}</span></p>"))
    blurbs = "".join(
        f'<div class="et_pb_module et_pb_blurb"><h4 class="et_pb_module_header"><a href="/x">{title}</a></h4><div class="et_pb_blurb_description">{text}</div></div>'
        for title, text in OTHERS[:3]
    )
    return f"""<!DOCTYPE html><html lang="en-US"><head><title>{post.title} - {post.site}</title><meta property="og:type" content="article">
<meta property="article:published_time" content="{post.published}">{filler_style("et_pb", 900)}</head><body class="post-template-default et_divi_theme et_right_sidebar">
<div id="page-container"><div id="top-header"><div id="et-info"><span id="et-info-phone">(555) 010-0123</span></div><ul class="et-social-icons"><li><a><span>Facebook</span></a></li></ul></div>
<header id="main-header"><div class="container"><div id="et-top-navigation"><nav id="top-menu-nav"><ul id="top-menu" class="nav">{anchors(MENU)}</ul></nav></div></div></header>
<div id="et-main-area"><div id="main-content"><div class="container"><div id="content-area"><div id="left-area"><article class="et_pb_post post">
<div class="et_post_meta_wrapper"><h1 class="entry-title">{post.title}</h1><p class="post-meta">by <span class="author vcard">{post.author}</span> | <span class="published">Mar 12, 2024</span> | <a>Depression</a> | 0 comments</p></div>
<div class="entry-content"><div class="et-l et-l--post"><div class="et_builder_inner_content"><div class="et_pb_section"><div class="et_pb_row"><div class="et_pb_column et_pb_column_4_4">{module.format(0)}{body}</div></div></div></div></div></div></div></div>
<div class="et_post_meta_wrapper"><section id="comment-wrap"><div id="comment-section" class="nocomments"></div><div id="respond" class="comment-respond"><h3 id="reply-title"><span>Submit a Comment</span></h3>
<form><p>Your email address will not be published. Required fields are marked *</p></form></div></section></div></article></div>
<div id="sidebar"><div class="et_pb_widget widget_search"><form><input><input value="Search"></form></div><div class="et_pb_widget widget_recent_entries"><h4 class="widgettitle">Recent Posts</h4><ul>{anchors(t for t, _ in OTHERS)}</ul></div></div></div></div>{blurbs}</div>
<footer id="main-footer"><div id="footer-bottom"><div class="container"><div id="footer-info">Designed by Elegant People | Powered by a CMS</div></div></div></footer></div></div></body></html>"""


def _duda(post: Post) -> str:
    body = post.body(
        _tags(
            '<h2 class="m-size-20 size-24"><span style="display:initial">{}</span></h2>',
            '<p class="m-size-14 size-16"><span style="display:unset;color:rgb(0,0,0)">{}</span></p>',
        )
    )
    return f"""<!DOCTYPE html><html lang="en"><head><title>{post.title}</title><meta property="og:type" content="article">{filler_style("dm", 700)}{filler_script("Parameters", 200)}</head>
<body id="dmRoot" class="dmRoot fix-mobile-scrolling"><div id="dm" class="dmwr"><div class="dm_wrapper standard-var5"><div dmwrapped="true" class="dm-home-page"><div class="dmHeaderContainer fHeader"><div id="hcontainer" class="dmHeader">
<div class="dmRespRow"><div class="dmRespCol"><div class="dmNewParagraph"><span>{post.site}</span></div><nav class="unifiednav main-navigation unifiednav_vertical"><ul class="unifiednav__container">{anchors(MENU, '<li class="unifiednav__item-wrap"><a href="/{slug}" class="unifiednav__item"><span class="nav-item-text">{name}<span class="icon"></span></span></a></li>')}</ul></nav>
<a class="dmButtonLink dmWidget"><span class="text">BOOK ONLINE</span></a></div></div></div></div>
<div dmwrapped="true" class="dmBody u_dmStyle_template"><div id="allWrapper" class="allWrapper"><div class="dmRespColsWrapper"><div class="dmRespRow"><div class="dmRespCol large-12">
<div class="blog-post-title-widget"><h1><span>{post.title}</span></h1></div><div class="dmPostMeta"><span>{post.author}</span> &bull; <span>March 12, 2024</span></div>
<div class="dmSocialHub"><span>Share this article</span></div><div data-element-type="paragraph" class="dmNewParagraph postArticle">{body}</div></div></div>
<div class="dmRespRow"><div class="internal-blog-list-wrapper"><h3>Recent Posts</h3>{"".join(f'<div class="postDescription"><a class="postTitle" href="/p"><h3>{t}</h3></a><div class="author">By {post.author} &bull; March 1, 2024</div><div class="postText">{x}</div></div>' for t, x in OTHERS)}<button>Show More</button></div></div></div></div></div>
<div class="dmFooterContainer"><div id="fcontainer" class="dmFooter"><div class="dmNewParagraph"><h6>CONTACT</h6><div>12 Linden Street, {post.city}</div></div><div class="dmNewParagraph">&copy; 2024 All Rights Reserved | {post.site}</div></div></div></div></div></div></body></html>"""


def _webflow(post: Post) -> str:
    body = post.body(_tags("<h3>{}</h3>", "<p>{}</p>"))
    return f"""<!DOCTYPE html><html data-wf-page="6" lang="en"><head><title>{post.title} | {post.site}</title>{filler_style("w", 300)}</head><body>
<div data-collapse="medium" class="navbar w-nav"><div class="container w-container"><a href="/" class="brand w-nav-brand">{post.site}</a><nav role="navigation" class="nav-menu w-nav-menu">{anchors(MENU, '<a href="/{slug}" class="nav-link w-nav-link">{name}</a>')}</nav>
<div class="w-dropdown"><div class="w-dropdown-toggle"><div>Conditions</div></div><nav class="w-dropdown-list">{anchors(CONDITIONS, '<a class="w-dropdown-link">{name}</a>')}</nav></div></div></div>
<section class="hero-blog"><div class="w-layout-blockcontainer"><div class="tag-pill">Depression</div><h1 class="heading-xl">{post.title}</h1><div class="flex-meta"><div>{post.author}</div><div>·</div><div>March 12, 2024</div></div></div></section>
<section class="section-rich"><div class="w-layout-grid"><div class="toc"><div class="toc-title">On this page</div></div><div class="rich-text-block w-richtext">{body}</div></div></section>
<section class="section-cta"><h2>Ready to talk?</h2><p>Book a free call with our team.</p><a class="button w-button">Book a call</a></section>
<section class="section-more"><h2>More articles</h2><div class="w-dyn-list"><div role="list" class="w-dyn-items">{"".join(f'<div role="listitem" class="w-dyn-item"><a class="card-link w-inline-block"><h3 class="card-title">{t}</h3><p class="card-text">{x}</p></a></div>' for t, x in OTHERS[:3])}</div></div></section>
<div class="footer"><div class="w-form"><form><label>Email Address</label><input></form><div class="w-form-done"><div>Thank you! Your submission has been received!</div></div><div class="w-form-fail"><div>Oops! Something went wrong while submitting the form.</div></div></div><div>© 2024 {post.site}</div></div></body></html>"""


def _ghost(post: Post) -> str:
    body = post.body(_tags('<h2 id="x">{}</h2>', "<p>{}</p>"))
    return f"""<!DOCTYPE html><html lang="en"><head><title>{post.title}</title><meta property="og:type" content="article">{post.json_ld("Article")}{filler_style("gh", 200)}</head><body class="post-template">
<div class="site"><header id="gh-head" class="gh-head outer"><nav class="gh-head-menu"><ul class="nav">{anchors(MENU)}</ul></nav><div class="gh-head-actions"><a class="gh-head-link">Sign in</a><a class="gh-head-button">Subscribe</a></div></header>
<main id="site-main" class="site-main"><article class="article post featured"><header class="article-header gh-canvas"><div class="article-tag post-card-tags"><span class="post-card-primary-tag"><a>Care</a></span></div><h1 class="article-title">{post.title}</h1>
<p class="article-excerpt">A note from {post.site}.</p><div class="article-byline"><section class="article-byline-content"><h4 class="author-name"><a>{post.author}</a></h4><div class="byline-meta-content"><time>Mar 12, 2024</time><span class="byline-reading-time">• 5 min read</span></div></section></div></header>
<section class="gh-content gh-canvas">{body}</section></article></main>
<section class="footer-cta outer"><h2 class="footer-cta-title">Sign up for more like this.</h2><a class="footer-cta-button"><div class="footer-cta-input">Enter your email</div><span>Subscribe</span></a></section>
<aside class="read-more-wrap outer"><div class="read-more inner">{"".join(f'<article class="post-card"><a class="post-card-content-link"><h2 class="post-card-title">{t}</h2><div class="post-card-excerpt">{x}</div></a><footer class="post-card-meta"><time>Mar 1, 2024</time><span>3 min read</span></footer></article>' for t, x in OTHERS[:3])}</div></aside>
<footer class="site-footer outer"><section class="copyright"><a>{post.site}</a> © 2024</section><div class="gh-powered-by"><a>Powered by a blog engine</a></div></footer></div></body></html>"""


def _shopify(post: Post) -> str:
    body = post.body(_tags("<h2><span>{}</span></h2>", '<p data-mce-fragment="1">{}</p>'))
    return f"""<!doctype html><html class="no-js" lang="en"><head><title>{post.title} &ndash; {post.site}</title>{post.json_ld("Article")}{filler_style("shopify", 500)}</head><body class="gradient"><a class="skip-to-content-link">Skip to content</a>
<div id="shopify-section-announcement-bar"><p class="announcement-bar__message">Free first consultation this month</p></div><header class="header"><nav class="header__inline-menu"><ul class="list-menu">{anchors(MENU)}</ul></nav><a class="header__icon">Log in</a><a>Cart</a></header>
<main id="MainContent" role="main"><article class="article-template"><header class="page-width article-template__title"><h1 class="article-template__title">{post.title}</h1><span class="circle-divider"><time>March 12, 2024</time></span></header>
<div class="article-template__social-sharing"><share-button><button class="share-button__button">Share</button><div class="share-button__fallback"><label>Link</label><button>Copy link</button></div></share-button></div>
<div class="article-template__content page-width rte">{body}</div><div class="article-template__back"><a href="/blogs/news">Back to blog</a></div>
<div class="article-template__comment-wrapper"><form><h2>Leave a comment</h2><p class="article-template__comment-warning">Please note, comments need to be approved before they are published.</p></form></div></article></main>
<footer class="footer"><h2 class="footer-block__heading">Quick links</h2><ul>{anchors(MENU)}</ul><small class="copyright__content">&copy; 2024, <a>{post.site}</a></small></footer></body></html>"""


def _drupal(post: Post) -> str:
    body = post.body(_tags("<h3>{}</h3>", "<p>{}</p>"))
    return f"""<!DOCTYPE html><html lang="en" dir="ltr"><head><title>{post.title} | {post.site}</title></head><body class="path-node page-node-type-article">
<a href="#main-content" class="visually-hidden focusable">Skip to main content</a><div class="dialog-off-canvas-main-canvas"><div class="layout-container"><header role="banner"><div class="region region-header"><div id="block-branding"><a>{post.site}</a></div><nav role="navigation"><h2 class="visually-hidden">Main navigation</h2><ul class="menu">{anchors(MENU)}</ul></nav></div></header>
<div class="region region-breadcrumb"><nav role="navigation"><h2 id="system-breadcrumb" class="visually-hidden">Breadcrumb</h2><ol><li><a>Home</a></li><li><a>Articles</a></li></ol></nav></div>
<main role="main"><a id="main-content"></a><div class="layout-content"><div class="region region-content"><div id="block-page-title"><h1><span class="field field--name-title">{post.title}</span></h1></div>
<article role="article" class="node node--type-article"><footer class="node__meta"><div class="node__submitted">Submitted by <span>{post.author}</span> on <span>Tue, 03/12/2024 - 09:30</span></div></footer>
<div class="node__content clearfix"><div class="clearfix text-formatted field field--name-body field__item">{body}</div><div class="field field--name-field-tags field--label-above"><div class="field__label">Tags</div><div class="field__items"><div class="field__item"><a>mood</a></div><div class="field__item"><a>care</a></div></div></div></div>
<section class="field field--name-comment"><h2 class="title">Comments</h2><article class="comment"><div class="content"><h3><a>A question</a></h3><p>{COMMENTS[1][1]}</p></div></article><h2 class="title comment-form__title">Add new comment</h2><form><label>Your name</label><input type="submit" value="Save"></form></section></article></div></div>
<aside class="layout-sidebar-second" role="complementary"><h2>Who's online</h2><p>There are currently 0 users online.</p></aside></main><footer role="contentinfo"><p>12 Linden Street, {post.city}</p><p>Powered by a CMS</p></footer></div></div></body></html>"""


def _blogger(post: Post) -> str:
    body = post.body(_tags('<h3 style="text-align: left;">{}</h3>', '<p style="text-align: justify;">{}</p>'))
    return f"""<!DOCTYPE html><html dir="ltr"><head><title>{post.site}: {post.title}</title>{filler_style("b", 500)}</head><body class="item-view"><div class="content-outer"><header><div class="header section"><div class="widget Header"><h1 class="title"><a>{post.site}</a></h1><p class="description"><span>Thoughts on care</span></p></div></div></header>
<div class="tabs-outer"><div class="widget PageList"><ul>{anchors(MENU)}</ul></div></div><div class="main-outer"><div class="column-center-outer"><div class="main section"><div class="widget Blog"><div class="blog-posts hfeed"><div class="date-outer"><h2 class="date-header"><span>Tuesday, March 12, 2024</span></h2>
<div class="date-posts"><div class="post-outer"><div class="post hentry"><h3 class="post-title entry-title">{post.title}</h3><div class="post-body entry-content">{body}</div>
<div class="post-footer"><div class="post-footer-line"><span class="post-author vcard">Posted by <span class="fn">{post.author}</span></span> <span class="post-timestamp">at <a><abbr class="published">9:30 AM</abbr></a></span> <div class="post-share-buttons"><a><span class="share-button-link-text">Email This</span></a><a><span>BlogThis!</span></a><a><span>Share to Twitter</span></a></div></div><div class="post-footer-line"><span class="post-labels">Labels: <a>mood</a>, <a>care</a></span></div></div></div>
<div class="comments" id="comments"><h4>No comments:</h4><p class="comment-footer"><h4 id="comment-post-message">Post a Comment</h4></p></div></div></div></div></div><div class="blog-pager"><span><a>Newer Post</a></span><span><a>Older Post</a></span><a>Home</a></div><div class="post-feeds">Subscribe to: <a>Post Comments (Atom)</a></div></div></div></div>
<div class="column-right-outer"><aside><div class="widget BlogArchive"><h2>Blog Archive</h2><ul><li>▼ 2024 (12)</li><li>► 2023 (31)</li></ul></div><div class="widget Profile"><h2>About Me</h2><a>View my complete profile</a></div></aside></div></div><footer><div class="widget Attribution">Simple theme. Powered by a blog engine.</div></footer></div></body></html>"""


def _hubspot(post: Post) -> str:
    body = post.body(_tags("<h2>{}</h2>", "<p>{}</p>"))
    return f"""<!doctype html><html lang="en"><head><title>{post.title}</title><meta property="og:type" content="article">{filler_style("hs", 300)}</head><body class="hs-blog-id-3 hs-blog-post"><div class="header-container-wrapper"><div class="span12 widget-type-menu"><div class="hs-menu-wrapper hs-menu-flow-horizontal" role="navigation"><ul role="menu">{anchors(MENU, '<li class="hs-menu-item" role="none"><a role="menuitem" href="/{slug}">{name}</a></li>')}</ul></div></div></div>
<div class="body-container-wrapper"><div class="blog-section"><div class="blog-post-wrapper cell-wrapper"><div class="section post-header"><h1><span id="hs_cos_wrapper_name" class="hs_cos_wrapper">{post.title}</span></h1><p id="hubspot-author_data" class="hubspot-editable">Posted by <a class="author-link">{post.author}</a> on Mar 12, 2024 9:30:00 AM</p></div><div class="hs_cos_wrapper_type_social_sharing"><a>Share</a><a>Tweet</a></div>
<div class="section post-body"><span id="hs_cos_wrapper_post_body" class="hs_cos_wrapper_type_rich_text">{body}</span></div><p id="hubspot-topic_data">Topics: <a class="topic-link">Depression</a>, <a class="topic-link">Care</a></p>
<div id="hs-author-bio"><h3>Written by {post.author}</h3><p>{post.author} works at {post.site}.</p></div></div></div><div class="blog-sidebar"><div class="block"><h3>Subscribe to Email Updates</h3><form><label>Email<span>*</span></label></form></div><div class="block"><h3>Lists by Topic</h3><ul>{anchors(CONDITIONS)}</ul><a class="filter-expand-link">see all</a></div></div></div>
<div class="footer-container-wrapper"><p>© 2024 {post.site}. All Rights Reserved.</p></div></body></html>"""


def _news_theme(post: Post) -> str:
    body = post.body(_tags("<h4><b>{}</b></h4>", "<p>{}</p><div class='ad-slot'>Advertisement</div>"))
    return f"""<!DOCTYPE html><html lang="en"><head><title>{post.title} - {post.site}</title>{post.json_ld("NewsArticle")}{filler_style("td", 600)}</head><body class="td-standard-pack"><div class="td-header-wrap"><div class="td-header-top-menu">Tuesday, March 12, 2024 <a>Sign in / Join</a></div><div class="td-header-menu-wrap"><ul class="sf-menu">{anchors(MENU)}</ul></div></div>
<div class="td-main-content-wrap"><div class="td-container"><div class="td-crumb-container"><div class="entry-crumbs"><span><a>Home</a></span> <span><a>Health</a></span> <span>{post.title}</span></div></div><div class="td-pb-row"><div class="td-pb-span8 td-main-content"><article class="post td-post-template-default"><div class="td-post-header"><ul class="td-category"><li class="entry-category"><a>Health</a></li></ul>
<header class="td-post-title"><h1 class="entry-title">{post.title}</h1><div class="td-module-meta-info"><div class="td-post-author-name"><div class="td-author-by">By</div> <a>{post.author}</a></div><span class="td-post-date"><time>March 12, 2024</time></span><div class="td-post-views"><span>1204</span></div></div></header></div>
<div class="td-post-sharing-top"><div class="td-social-sharing-button"><div class="td-social-but-text">Share</div></div><div>Facebook</div><div>Twitter</div></div><div class="td-post-content tagdiv-type">{body}</div>
<footer><div class="td-post-source-tags"><ul class="td-tags"><li><span>TAGS</span></li><li><a>mood</a></li></ul></div><div class="td-block-row td-post-next-prev"><div class="td-post-next-prev-content"><span>Previous article</span><a>{OTHERS[0][0]}</a></div><div class="td-post-next-prev-content"><span>Next article</span><a>{OTHERS[1][0]}</a></div></div><div class="author-box-wrap"><div class="desc"><div class="td-author-name"><a>{post.author}</a></div></div></div></footer></article>
<div class="td_block_related_posts"><h4 class="td-related-title"><a>RELATED ARTICLES</a><a>MORE FROM AUTHOR</a></h4>{"".join(f'<div class="td_module_related_posts"><h3 class="entry-title td-module-title"><a>{t}</a></h3></div>' for t, _ in OTHERS)}</div><div class="comments" id="comments"><div id="respond"><h3 id="reply-title">LEAVE A REPLY</h3></div></div></div>
<div class="td-pb-span4 td-main-sidebar"><aside class="td_block_template_1 widget"><h4>EDITOR PICKS</h4><ul>{anchors(t for t, _ in OTHERS)}</ul></aside></div></div></div></div><div class="td-footer-wrapper"><p>ABOUT US</p><p>{post.site} is a magazine for {post.city}.</p></div><div class="td-sub-footer-copy">© {post.site}</div></body></html>"""


def _utility_classes(post: Post) -> str:
    body = post.body(_tags('<div class="mt-8 text-2xl font-semibold">{}</div>', '<div class="mt-4 leading-7">{}</div>'))
    return f"""<!DOCTYPE html><html lang="en"><head><title>{post.title} · {post.site}</title>{filler_style("tw", 800)}</head><body class="antialiased"><div id="__next"><div class="sticky top-0 flex justify-between px-6"><a class="text-xl" href="/">{post.site}</a><div class="hidden md:flex gap-6">{anchors(MENU, '<a class="text-sm" href="/{slug}">{name}</a>')}</div><button class="rounded-full px-4">Get started</button></div>
<div class="mx-auto max-w-3xl px-4 py-16"><a class="text-sm text-gray-500" href="/blog">← All posts</a><h1 class="mt-2 text-4xl font-bold">{post.title}</h1><div class="flex gap-2 text-gray-500"><div>{post.author}</div><div>March 12, 2024</div></div><div class="mt-10">{body}</div>
<div class="mt-16 rounded-2xl bg-blue-50 p-8"><div class="text-lg font-medium">Was this helpful?</div><div class="flex gap-4"><button>Yes</button><button>No</button></div></div></div>
<div class="bg-gray-900 px-6 py-12 text-white"><div class="grid grid-cols-3">{anchors(MENU, '<a class="block text-sm" href="/{slug}">{name}</a>')}</div><div class="mt-8 text-xs">© 2024 {post.site}, Inc.</div></div></div><script id="__NEXT_DATA__" type="application/json">{{"props":{{"page":"/blog"}}}}</script></body></html>"""


MORE_PLATFORMS: dict[str, Callable[[Post], str]] = {
    "divi": _divi,
    "duda": _duda,
    "webflow": _webflow,
    "ghost": _ghost,
    "shopify": _shopify,
    "drupal": _drupal,
    "blogger": _blogger,
    "hubspot": _hubspot,
    "news theme": _news_theme,
    "utility classes": _utility_classes,
}
