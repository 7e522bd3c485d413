using ScottPlot;
using SkiaSharp;

namespace SpeechGan.Reports;

/// <summary>
/// The font of pictures: embedded, since text without one vanishes silently on a machine that has none (<c>Assets/README.md</c> tells where
/// it is from).
/// </summary>
internal sealed class PictureFont : IFontResolver
{
    /// <summary>Its family, which an SVG file names too.</summary>
    public const string Family = "DejaVu Sans";

    private static readonly Lazy<bool> Ready = new(Register);
    private readonly SKTypeface typeface = Load();

    /// <summary>Makes it ScottPlot's font, once a process.</summary>
    public static void Use() => _ = Ready.Value;

    /// <inheritdoc/>
    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
        fontName == Family ? typeface : null;

    /// <inheritdoc/>
    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => fontName == Family ? typeface : null;

    private static bool Register()
    {
        Fonts.FontResolvers.Insert(0, new PictureFont());
        Fonts.Default = Family;
        return true;
    }

    private static SKTypeface Load()
    {
        using var file = Assets.Open("DejaVuSans.ttf");
        return SKTypeface.FromStream(file)
            ?? throw new InvalidOperationException("The embedded font cannot be read: the program is damaged. Build or install it again.");
    }
}
