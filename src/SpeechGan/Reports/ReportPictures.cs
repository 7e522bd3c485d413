using SpeechGan.Runs;

namespace SpeechGan.Reports;

/// <summary>The charts of a report as files beside one another, <c>ID.png</c> and <c>ID.svg</c>.</summary>
internal static class ReportPictures
{
    /// <summary>Writes them, each aside and renamed into place; the folder is made if need be.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="charts">The charts.</param>
    /// <returns>The charts that have nothing to draw: they have no file, and the reason is theirs.</returns>
    /// <exception cref="RunFolderException">They cannot be written.</exception>
    public static IReadOnlyList<Chart> Save(string folder, IReadOnlyList<Chart> charts)
    {
        var path = folder;
        try
        {
            Directory.CreateDirectory(folder);
            foreach (var chart in charts.Where(c => c.Absent is null))
            {
                DiskStorage.Instance.Publish(path = Path.Combine(folder, chart.Id + ".png"), ChartPicture.Png(chart));
                DiskStorage.Instance.Publish(path = Path.Combine(folder, chart.Id + ".svg"), ChartPicture.Svg(chart));
            }
        }
        catch (Exception e) when (RunFolderException.IsStorage(e))
        {
            throw RunFolderException.From(e, "write the picture", path);
        }
        return [.. charts.Where(c => c.Absent is not null)];
    }
}
