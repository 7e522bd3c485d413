using System.Globalization;

namespace SpeechGan.Reports;

/// <summary>Players and spectrograms of the utterances with the largest changes.</summary>
internal static class ListeningSection
{
    /// <summary>The section.</summary>
    /// <param name="heading">The run's label; null where it needs none.</param>
    /// <param name="listening">What there is.</param>
    public static string Of(string? heading, ReportListening listening)
    {
        var html = new HtmlText();
        if (heading is not null)
            html.Add($"<h3>{heading}</h3>\n");

        foreach (var note in listening.Notes)
            html.Add($"<p class=\"note\">{note}</p>\n");

        if (listening.Utterances.Count == 0)
            return html.AddMarkup("<p class=\"absent\">There is nothing to listen to.</p>\n").ToString();

        html.Add($"<p>Spectrograms: 0 to 8 kHz upwards, {Spectrogram.FloorDecibels:F0} dB (dark) to 0 dB (bright) on one scale.</p>\n");
        foreach (var utterance in listening.Utterances)
        {
            html.Add($"<article class=\"listen\"><h4>{utterance.Name} <small>({utterance.Split})</small></h4><div class=\"clips\">\n");
            foreach (var clip in utterance.Clips)
            {
                html.Add($"<div class=\"clip\"><h5>{clip.Label}</h5>");
                if (clip.Samples is { Length: > 0 } samples)
                {
                    var picture = Convert.ToBase64String(Spectrogram.Png(samples));
                    var sound = Convert.ToBase64String(EmbeddedWav.Encode(samples, RunConfig.SampleRate));
                    var seconds = string.Create(CultureInfo.InvariantCulture, $"{(double)samples.Length / RunConfig.SampleRate:F1} s");
                    html.Add($"<img alt=\"Spectrogram of {utterance.Name}, {clip.Label}, {seconds}\" ")
                        .Add($"width=\"400\" height=\"{Spectrogram.Height}\" ")
                        .Add($"src=\"data:image/png;base64,{picture}\">")
                        .Add($"<audio controls preload=\"none\" aria-label=\"{utterance.Name}, {clip.Label}\" ")
                        .Add($"src=\"data:audio/wav;base64,{sound}\"></audio>");
                }
                else
                {
                    html.Add($"<p class=\"absent\">{clip.Absent ?? "It has no samples."}</p>");
                }

                html.AddMarkup("</div>\n");
            }

            html.AddMarkup("</div></article>\n");
        }

        return html.ToString();
    }
}
