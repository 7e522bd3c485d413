using System.Globalization;
using System.Net;
using System.Text;

namespace SpeechGan.Reports;

/// <summary>
/// HTML in the making. Text around the holes is the program's own; whatever is put into a hole is escaped, so that nothing read from a file
/// can become markup.
/// </summary>
internal sealed class HtmlText
{
    private readonly StringBuilder text = new();

    /// <summary>Adds markup with escaped values in its holes; an absent value leaves its hole empty.</summary>
    public HtmlText Add(FormattableString markup)
    {
        text.AppendFormat(Escaping.Instance, markup.Format, markup.GetArguments());
        return this;
    }

    /// <summary>Adds what is markup already: other parts of the page, and embedded files.</summary>
    public HtmlText AddMarkup(string markup)
    {
        text.Append(markup);
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => text.ToString();

    private sealed class Escaping : IFormatProvider, ICustomFormatter
    {
        public static Escaping Instance { get; } = new();

        public object? GetFormat(Type? formatType) => formatType == typeof(ICustomFormatter) ? this : null;

        public string Format(string? format, object? arg, IFormatProvider? formatProvider) =>
            WebUtility.HtmlEncode(arg is IFormattable value ? value.ToString(format, CultureInfo.InvariantCulture) : arg?.ToString() ?? "");
    }
}
