using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>One process's place in a c10d process group (native/distributed.cpp). Not part of TorchSharp's API, which has no process groups.</summary>
internal sealed class ProcessGroup : IDisposable
{
    private nint handle;

    private ProcessGroup(nint handle) => this.handle = handle;

    /// <summary>Deadline of every further collective.</summary>
    internal TimeSpan Timeout { set => Native.sg_group_set_timeout(handle, (long)value.TotalMilliseconds); }

    /// <summary>Whether a sum has failed, be it inside a backward pass.</summary>
    internal bool IsLost => Native.sg_group_lost(handle) != 0;

    /// <summary>Whether this build has a backend: `gloo` or `nccl`.</summary>
    internal static bool Has(string backend) => Native.sg_group_has(backend) != 0;

    /// <summary>Joins a group; returns when all have.</summary>
    /// <param name="backend">`gloo` (tensors on the CPU) or `nccl` (on a CUDA device).</param>
    /// <param name="address">Where the ranks meet.</param>
    /// <param name="port">Its TCP port.</param>
    /// <param name="serve">Whether this process is the meeting point's server.</param>
    /// <param name="prefix">Keeps the meetings of restarted groups apart.</param>
    /// <param name="rank">This process, from 0.</param>
    /// <param name="size">Processes.</param>
    /// <param name="timeout">Deadline of joining and of every collective.</param>
    /// <exception cref="ExternalException">It failed or took too long.</exception>
    internal static ProcessGroup Join(string backend, string address, int port, bool serve, string prefix, int rank, int size, TimeSpan timeout)
    {
        Check(Native.sg_group_join(backend, address, port, serve ? 1 : 0, prefix, rank, size, (long)timeout.TotalMilliseconds, out var handle));
        return new ProcessGroup(handle);
    }

    /// <summary>Replaces a contiguous tensor by its sum over all ranks.</summary>
    internal void AllReduce(torch.Tensor tensor)
    {
        Check(Native.sg_group_all_reduce(handle, tensor.Handle));
        GC.KeepAlive(tensor);
    }

    /// <summary>The sum over all ranks, with a gradient: the sum over all ranks of the gradients.</summary>
    internal torch.Tensor AllReduceWithGradient(torch.Tensor tensor)
    {
        Check(Native.sg_group_all_reduce_grad(handle, tensor.Handle, out var result));
        GC.KeepAlive(tensor);
        return new torch.Tensor(result);
    }

    /// <summary>Replaces a contiguous tensor by that of the root.</summary>
    internal void Broadcast(torch.Tensor tensor, int root)
    {
        Check(Native.sg_group_broadcast(handle, tensor.Handle, root));
        GC.KeepAlive(tensor);
    }

    /// <summary>Gathers a tensor of the same shape from every rank into `[size, ...]`.</summary>
    internal void AllGather(torch.Tensor mine, torch.Tensor all)
    {
        Check(Native.sg_group_all_gather(handle, mine.Handle, all.Handle));
        GC.KeepAlive(mine);
        GC.KeepAlive(all);
    }

    /// <summary>Leaves the group: its connections close.</summary>
    public void Dispose()
    {
        var h = Interlocked.Exchange(ref handle, 0);
        if (h != 0)
            Native.sg_group_leave(h);
    }

    private static void Check(int code)
    {
        if (code != 0)
            throw new ExternalException(Marshal.PtrToStringUTF8(Native.sg_error()));
    }
}
