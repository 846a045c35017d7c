"""The page that asks for the password."""

from html import escape

from dashboard import pictures
from dashboard.texts import LANGUAGES, Language, say

PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · {shop}</title>
<link rel="icon" href="{logo}">
<style>
:root {{ color-scheme: light dark; font: 15px Pretendard, 'Noto Sans KR', 'Noto Sans CJK KR',
  'Apple SD Gothic Neo', 'Malgun Gothic', system-ui, sans-serif }}
body {{ margin: 0; min-height: 100vh; display: grid; place-items: center;
  background: light-dark(#FBFAF9, #17151A); color: light-dark(#231F20, #F2EEF0) }}
form {{ width: min(320px, 88vw); padding: 32px; border-radius: 12px; display: grid; gap: 14px;
  border: 1px solid light-dark(#E4DED8, #37323C) }}
h1 {{ margin: 0; font-size: 20px; display: flex; gap: 10px; align-items: center }}
label {{ display: grid; gap: 6px }}
input, button {{ font: inherit; padding: 10px 12px; border-radius: 8px; color: inherit;
  border: 1px solid light-dark(#E4DED8, #37323C); background: light-dark(#F3F0ED, #221F26) }}
button {{ background: light-dark(#C2255C, #E64980); color: #fff; border: 0; cursor: pointer }}
p {{ margin: 0; color: light-dark(#D6293E, #FF6B6B) }}
:focus-visible {{ outline: 2px solid light-dark(#C2255C, #E64980); outline-offset: 2px }}
</style>
</head>
<body>
<form method="post" action="login?{query}">
<h1><img src="{logo}" width="32" height="32" alt="">{shop}</h1>
{problem}
<label>{password}
<input type="password" name="password" autocomplete="current-password" required autofocus></label>
<button>{enter}</button>
</form>
</body>
</html>
"""


def login_page(*, asked: str | None, preferred: str, query: str, problem: str) -> str:
    """The page in the language that was asked for, or that the browser prefers.

    ``problem`` is the key of a text that says what was wrong; empty: nothing was.
    """
    language = _language(asked, preferred)
    return PAGE.format(
        language=language,
        title=say("login_title", language),
        shop=say("shop_name", language),
        logo=pictures.logo(),
        query=escape(query),
        problem=f'<p role="alert">{say(problem, language)}</p>' if problem else "",
        password=say("login_password", language),
        enter=say("login_enter", language),
    )


def _language(asked: str | None, preferred: str) -> Language:
    for language in LANGUAGES:
        if asked == language:
            return language
    return "ko" if preferred.lower().startswith("ko") or not preferred else "en"
