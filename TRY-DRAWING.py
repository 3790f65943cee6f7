import skia, time, glob, unicodedata
tl=skia.textlayout
prov=tl.TypefaceFontProvider()
d='/tmp/extra-personal/manimgx_fonts/'
t0=time.time()
names=[]
for f in sorted(glob.glob(d+'*.ttf')):
    t=skia.Typeface.MakeFromFile(f)
    names.append((t.getFamilyName(), t.fontStyle().weight(), t.fontStyle().slant(), len(t.getVariationDesignParameters())))
    prov.registerTypeface(t)
for i in range(6):
    t=skia.Typeface.MakeFromFile('/tmp/extra-personal/noto_cjk_sans_otc/NotoSansCJK-Regular.ttc',i)
    if t: names.append(t.getFamilyName()); prov.registerTypeface(t)
print(names, time.time()-t0)
fc=tl.FontCollection(); fc.setDefaultFontManager(prov)
uni=skia.Unicodes.ICU.Make(); print(uni)
fams=[n[0] if isinstance(n,tuple) else n for n in names]
fams=['Noto Sans']+[f for f in dict.fromkeys(fams) if f!='Noto Sans']
texts=["Zoë Ångström","Ελένη 3","\u2067محمد علي ٣٤ 12\u2069","שלום 45","आदित्य कुमार","สมชาย ใจดี","王小明","田中さくら","김민준","👩‍👩‍👧‍👦 🇩🇪 👍🏽 ❤️","Nguyễn Thị Ánh","a\u0323\u0302x","\u2068Iso\u2069 \u202Bx\u202C"]
s=skia.Surface(800,1000); c=s.getCanvas(); c.clear(skia.ColorWHITE)
y=10
for t in texts:
    st=tl.ParagraphStyle(); ts=tl.TextStyle(); ts.setFontFamilies(fams); ts.setFontSize(40); ts.setColor(skia.ColorBLACK)
    ts.setFontStyle(skia.FontStyle.Bold())
    st.setTextStyle(ts)
    b=tl.ParagraphBuilder.make(st,fc,uni); b.addText(t)
    p=b.Build(); t0=time.time(); p.layout(780); p.paint(c,10,y); print(t, p.LongestLine, p.Height, p.MaxIntrinsicWidth, time.time()-t0); y+=p.Height+8
s.makeImageSnapshot().save('/tmp/t1.png',skia.kPNG)
print(skia.FontArguments, [n for n in dir(skia.FontArguments) if n[0]!='_'])
