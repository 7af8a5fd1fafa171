//! Phrases of boilerplate by kind, folded.

use crate::model::BoilerplateKind;

/// Phrases that identify one kind of boilerplate, by where in a line they do so.
pub(super) struct Wording {
    pub(super) kind: BoilerplateKind,
    /// The whole line, without punctuation.
    pub(super) whole_line: &'static [&'static str],
    /// Anywhere in any line.
    pub(super) anywhere: &'static [&'static str],
    /// Anywhere in one of the last lines of an article.
    pub(super) near_end: &'static [&'static str],
    /// At the start of a short line.
    pub(super) openers: &'static [&'static str],
}

/// Where phrases of several kinds match a line, the first kind in this order wins.
#[rustfmt::skip]
pub(super) const WORDINGS: &[Wording] = &[
    Wording {
        kind: BoilerplateKind::Subscribe,
        whole_line: &[
            "subscribe", "sign up", "log in", "register", "thanks for signing up", "follow us", "pick six newsletter",
            "abonnieren", "anmelden", "newsletter", "s abonner", "suscribirse", "iscriviti", "assine", "abonneren", "prenumerera",
            "abonner", "tilaa", "abone ol", "подписаться", "подписка", "订阅", "订阅我们", "登录", "购読", "会員登録", "구독하기",
            "there was an error processing your subscription",
        ],
        anywhere: &[
            "please subscribe", "subscribe to our", "subscribe now", "sign up for our", "sign up to our", "follow us on",
            "like us on facebook", "join our newsletter", "get our newsletter", "our daily newsletter",
            "subscribe to the newsletter", "download our app", "join our whatsapp", "join us on telegram",
            "keep an eye on your inbox", "register for free to continue", "already a subscriber", "to continue reading",
            "support independent journalism", "get the latest news delivered", "straight to your inbox", "in your inbox",
            "abonnieren sie", "folgen sie uns", "newsletter abonnieren", "hier anmelden", "folgst du schon",
            "jetzt registrieren und weiterlesen", "abonnez vous", "suivez nous", "inscrivez vous a", "reserve aux abonnes",
            "reserve a nos abonnes", "suscribete", "siguenos en", "suscribase", "solo para suscriptores", "iscriviti alla",
            "seguici su", "contenuto riservato agli abbonati", "assine nossa", "siga nos", "inscreva se", "receba as noticias",
            "volg ons op", "schrijf je in", "meld je aan voor", "prenumerera pa", "folj oss", "folg oss pa", "meld deg pa",
            "tilmeld dig", "folg os pa", "tilaa uutiskirje", "zapisz sie do", "obserwuj nas", "sledujte nas", "bizi takip edin",
            "подписывайтесь на", "подпишитесь на", "читайте нас в", "підписуйтесь на", "підпишіться на", "اشترك في", "تابعونا على",
            "关注我们", "扫码关注", "扫描二维码", "关注公众号", "下载客户端", "詳しくはこちら", "メールマガジン", "フォローしてください",
            "구독과 좋아요", "theo doi chung toi", "ikuti kami di", "langganan newsletter",
        ],
        near_end: &[
            "subscribe", "newsletter", "follow us", "sign up", "stay tuned", "keep watching", "support our journalism",
            "become a member", "please donate", "send tips to", "got a tip", "tell us what you think", "unterstutzen sie",
            "faites un don", "spenden sie", "bleiben sie informiert", "hagase socio",
        ],
        openers: &[
            "subscribe", "sign up", "follow us", "abonnieren", "abonnez", "suscribete", "iscriviti", "newsletter",
            "join the conversation", "download the", "get our app",
        ],
    },
    Wording {
        kind: BoilerplateKind::Related,
        whole_line: &[
            "related", "related stories", "related posts", "related articles", "related topics", "related coverage", "recommended", "more",
            "recommended stories", "you may also like", "you might also like", "more stories", "most read", "most popular",
            "trending", "trending now", "popular articles", "popular article", "editors picks", "latest news", "top stories",
            "read more", "read next", "up next", "more from", "don t miss", "in other news", "auch interessant", "mehr zum thema",
            "lesen sie auch", "das konnte sie auch interessieren", "weitere artikel", "meistgelesen", "zum thema", "quellen anzeigen",
            "empfohlener redaktioneller inhalt", "externer inhalt", "a lire aussi", "lire aussi", "articles lies", "les plus lus",
            "sur le meme sujet", "voir aussi", "lea tambien", "te puede interesar", "noticias relacionadas", "mas noticias",
            "lo mas leido", "leggi anche", "articoli correlati", "potrebbe interessarti", "leia tambem", "leia mais", "veja tambem",
            "noticias relacionadas", "saiba mais", "lees ook", "meer over", "las mer", "las ocksa", "relaterade artiklar", "les ogsa",
            "les mer", "relaterte artikler", "laes ogsa", "lue myos", "czytaj takze", "zobacz takze", "ctete take",
            "читайте также", "по теме", "читайте також", "ilgili haberler", "相关阅读", "相关新闻", "推荐阅读", "延伸阅读", "更多",
            "関連記事", "あわせて読みたい", "時系列で見る", "관련기사", "baca juga", "xem them", "tin lien quan", "اقرأ ايضا",
        ],
        anywhere: &[],
        near_end: &["read the full story at", "originally appeared on", "first appeared on", "the post appeared first"],
        openers: &[
            "read more", "read also", "also read", "read next", "related", "see also", "more on this", "recommended", "learn more",
            "more from", "popular on", "watch:", "gallery:", "click here to", "click here for", "lesen sie auch",
            "lesen sie hier", "lesen sie mehr", "lesen sie dazu", "mehr dazu", "mehr zum thema", "hier geht es zu", "lire aussi",
            "a lire aussi", "lire egalement", "voir aussi", "lea tambien", "lee tambien", "leer mas", "le puede interesar",
            "te puede interesar", "leggi anche", "guarda anche", "leia tambem", "leia mais", "veja tambem", "lees ook", "las mer",
            "las ocksa", "les ogsa", "les mer", "laes ogsa", "lue myos", "czytaj tez", "czytaj takze", "zobacz tez", "ctete take",
            "читайте также", "читать также", "смотрите также", "читайте також", "ayrica bakiniz", "相关阅读", "关联阅读", "延伸阅读",
            "関連記事", "baca juga", "xem them", "mas informacion",
        ],
    },
    Wording {
        kind: BoilerplateKind::Advertisement,
        whole_line: &[
            "advertisement", "advertisements", "advertising", "advert", "ad", "sponsored", "sponsored content", "promoted",
            "story continues below", "story continues below advertisement", "article continues below", "article content",
            "scroll to continue", "scroll to continue with content", "continue reading", "remove ads", "embed", "loading",
            "content from our sponsor", "paid post", "partner content", "anzeige", "werbung", "publicite", "publicidad",
            "pubblicita", "publicidade", "advertentie", "annonce", "annons", "reklame", "reklam", "reklama", "mainos", "реклама",
            "广告", "広告", "광고", "iklan", "quang cao", "اعلان", "continua a leggere", "continua despues de la publicidad",
            "continua apos a publicidade", "artikkelen fortsetter under annonsen", "artikeln fortsatter under annonsen",
            "video player", "this video can not be played", "play video", "javascript is disabled", "please enable javascript",
            "this content is not available in your location", "the media could not be loaded",
        ],
        anywhere: &["article continues below this ad", "story continues below this ad", "continue reading the main story"],
        near_end: &[],
        openers: &["powered by", "sponsored by", "presented by", "advertisement"],
    },
    Wording {
        kind: BoilerplateKind::Share,
        whole_line: &[
            "share", "share this", "share this article", "share this story", "share on facebook", "share on twitter", "tweet",
            "email", "print", "copy link", "save", "bookmark", "whatsapp", "facebook", "twitter", "linkedin", "reddit", "telegram",
            "comments", "comment", "view comments", "post a comment", "leave a comment", "leave a reply", "reply", "join the discussion",
            "teilen", "drucken", "kommentare", "kommentieren", "partager", "imprimer", "commentaires", "compartir", "imprimir",
            "comentarios", "condividi", "commenti", "stampa", "compartilhar", "compartilhe", "delen", "reacties", "dela", "del",
            "kommentarer", "udostepnij", "komentarze", "paylas", "yorumlar", "поделиться", "комментарии", "поділитися", "分享", "分享到",
            "评论", "收藏", "打印", "シェア", "ツイート", "コメント", "印刷", "공유", "댓글", "bagikan", "chia se", "binh luan", "مشاركه",
        ],
        anywhere: &["share this article", "share this story", "share this post", "teilen sie diesen artikel", "partager cet article", "compartir este articulo"],
        near_end: &[],
        openers: &["share this", "tags", "tagged", "filed under", "schlagworte", "mots cles", "etiquetas"],
    },
    Wording {
        kind: BoilerplateKind::Author,
        whole_line: &["about the author", "about the authors", "uber den autor", "zur person", "a propos de l auteur", "sobre el autor", "sobre o autor"],
        anywhere: &[],
        near_end: &[
            "contributed to this report", "contributed reporting", "additional reporting by", "reporting by", "editing by",
            "writing by", "is a staff writer", "is a reporter", "is a correspondent", "is a journalist", "is a columnist",
            "is a freelance", "is an editor", "is the editor", "is a senior writer", "can be reached at", "follow him on",
            "follow her on", "follow them on", "on twitter at", "with reporting by", "ist redakteur", "ist redakteurin", "ist journalist",
            "ist korrespondent", "ist freier autor", "est journaliste", "est correspondant", "es periodista", "es corresponsal",
            "e giornalista", "e jornalista", "is journalist", "is redacteur",
        ],
        openers: &["additional reporting", "reporting by", "written by", "edited by", "editing by", "with reporting from", "mitarbeit", "с участием"],
    },
    Wording {
        kind: BoilerplateKind::Copyright,
        whole_line: &[],
        anywhere: &[
            "all rights reserved", "alle rechte vorbehalten", "tous droits reserves", "todos los derechos reservados",
            "todos os direitos reservados", "tutti i diritti riservati", "alle rechten voorbehouden", "may not be published broadcast",
            "все права защищены", "版权所有", "未经授权", "無断転載", "무단 전재", "hak cipta",
        ],
        near_end: &["(c) 19", "(c) 20"],
        openers: &["©", "copyright ©", "(c) 19", "(c) 20", "copyright 19", "copyright 20"],
    },
];

/// Words that address the reader, or in which the publisher speaks of itself.
#[rustfmt::skip]
pub(super) const READER_WORDS: &[&str] = &[
    "you", "your", "us", "our", "here", "please", "today", "sie", "ihnen", "ihr", "ihre", "ihren", "ihrer", "ihrem",
    "uns", "unser",
    "unsere", "unseren", "unserem", "hier", "bitte", "du", "dein", "vous", "votre", "vos", "nous", "notre", "nos",
    "usted", "su", "nuestro", "nuestra", "nosotros", "aqui",
];

/// Beginnings of phrases that any office or club may use: "Sign up at the school".
pub(super) const ENROLMENTS: &[&str] = &["sign up", "download the", "become a member"];

/// Words for what a publisher sends to those who sign up.
pub(super) const UPDATE_WORDS: &[&str] = &["updates", "below", "daily", "weekly", "headlines", "breaking", "news"];

/// First words of invitations to the reader.
#[rustfmt::skip]
pub(super) const INVITATIONS: &[&str] = &[
    "get", "sign", "join", "download", "follow", "subscribe", "receive", "click", "tap", "register", "become", "support",
    "donate", "help", "want", "interested", "enjoy", "enjoyed", "like", "visit", "check", "keep", "stay", "never", "don",
    "please", "for", "to", "you", "discover", "choose", "try", "read", "listen", "watch", "share", "send", "tell", "our",
    "we", "be", "start", "unlock", "all", "more",
    "abonnieren", "folgen", "jetzt", "hier", "erhalten", "melden", "bleiben", "nie", "unterstutzen", "spenden", "laden",
    "lesen", "unser", "unseren", "abonnez", "suivez", "inscrivez", "recevez", "retrouvez", "soutenez", "faites",
    "rejoignez", "suscribete", "suscribase", "siguenos", "recibe", "apoya", "hagase", "iscriviti", "seguici", "ricevi",
    "abbonati", "assine", "siga", "receba", "inscreva", "apoie", "volg", "schrijf", "ontvang", "meld", "prenumerera",
    "folj", "folg", "tilmeld", "tilaa", "zapisz", "obserwuj", "sledujte",
];

/// Words for the channels of a publisher, in one of which an article reaches its reader.
#[rustfmt::skip]
pub(super) const CHANNEL_WORDS: &[&str] = &[
    "newsletter", "newsletters", "inbox", "app", "podcast", "channel", "website", "site", "edition", "subscription",
    "account", "membership", "member", "alerts", "notifications", "email", "emails", "mailbox", "whatsapp", "telegram",
    "facebook", "twitter", "instagram", "youtube", "tiktok", "linkedin", "bluesky", "mastodon", "spotify", "itunes",
    "journalism",
    "anmeldung", "abo", "abonnement", "briefing", "postfach", "kanal", "journalismus", "chaine", "boite", "lettre",
    "journalisme", "correo", "bandeja", "suscripcion", "boletin", "periodismo", "canal", "casella", "posta", "canale",
    "giornalismo", "aplicativo", "jornalismo", "nieuwsbrief", "nyhedsbrev", "nyhetsbrev", "uutiskirje", "biuletyn",
    "рассылка", "рассылку", "канал", "канале", "почта", "почту", "приложение",
];

/// Sign-offs of news agencies, and words that mark the end of a dispatch, folded.
#[rustfmt::skip]
pub(super) const SIGN_OFFS: &[&str] = &[
    "reuter", "reuters", "ap", "associated press", "the associated press", "afp", "dpa", "upi", "efe", "ansa", "apa",
    "ntb", "ritzau", "belga", "anp", "tass", "itar tass", "interfax", "xinhua", "kyodo", "jiji", "yonhap", "pti", "ani",
    "ians", "bernama", "antara", "anadolu", "mti", "pap", "ctk", "tasr", "hina", "tanjug", "lusa", "agerpres", "bns",
    "stt", "unian", "ukrinform", "sda", "keystone sda", "afx", "dow jones newswires", "bloomberg", "press association",
    "pa media", "the canadian press", "aap", "sapa", "tt", "end", "ends", "30",
];

/// Nouns that are counted beside a share button: "12 Comments".
#[rustfmt::skip]
pub(super) const COUNTED_NOUNS: &[&str] = &[
    "comments", "comment", "shares", "share", "likes", "views", "kommentare", "kommentar", "commentaires",
    "comentarios", "commenti", "reacties", "kommentarer", "yorum", "комментариев", "комментария", "комментарий",
];

/// Words of a row of share buttons.
#[rustfmt::skip]
pub(super) const SHARE_BAR_WORDS: &[&str] = &[
    "facebook", "twitter", "x", "whatsapp", "linkedin", "email", "e", "mail", "print", "reddit", "telegram",
    "pinterest", "instagram", "pocket", "flipboard", "copy", "link", "share", "tweet", "xing", "bluesky", "mastodon",
    "threads", "teilen", "drucken", "and", "on", "via", "messenger", "line", "tumblr", "sms", "save", "vk", "youtube",
    "tiktok",
];

/// Words of [`SHARE_BAR_WORDS`] that can only be share buttons.
#[rustfmt::skip]
pub(super) const SHARE_SITES: &[&str] = &[
    "facebook", "twitter", "whatsapp", "linkedin", "reddit", "telegram", "pinterest", "tweet", "xing",
];
