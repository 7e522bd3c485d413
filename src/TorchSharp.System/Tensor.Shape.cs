using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Op
            ReshapeOp = new("reshape"), ViewOp = new("view"), FlattenOp = new("flatten", "using_ints"), SqueezeOp = new("squeeze"),
            SqueezeDim = new("squeeze", "dim"), UnsqueezeOp = new("unsqueeze"), TransposeOp = new("transpose", "int"), TOp = new("t"),
            PermuteOp = new("permute"), NarrowOp = new("narrow"), SelectOp = new("select", "int"), SliceOp = new("slice", "Tensor"),
            IndexSelectOp = new("index_select"), GatherOp = new("gather"), FlipOp = new("flip"), RollOp = new("roll"), ExpandOp = new("expand"),
            RepeatOp = new("repeat"), TileOp = new("tile"), UnbindOp = new("unbind", "int"), ChunkOp = new("chunk"),
            SplitSize = new("split", "Tensor"), SplitSizes = new("split_with_sizes"), UnfoldOp = new("unfold"), MovedimOp = new("movedim", "intlist"),
            ContiguousOp = new("contiguous"), CloneOp = new("clone"), DetachOp = new("detach"), ToDtype = new("to", "dtype"),
            ToDevice = new("to", "device"), ViewAsReal = new("view_as_real"), ViewAsComplex = new("view_as_complex"), RealOp = new("real"),
            ImagOp = new("imag");

        public Tensor reshape(params long[] shape) => ReshapeOp.Call(this, shape);
        public Tensor view(params long[] shape) => ViewOp.Call(this, shape);
        public Tensor flatten(long start_dim = 0, long end_dim = -1) => FlattenOp.Call(this, start_dim, end_dim);
        public Tensor squeeze(long? dim = null) => dim is { } d ? SqueezeDim.Call(this, d) : SqueezeOp.Call(this);
        public Tensor unsqueeze(long dim) => UnsqueezeOp.Call(this, dim);
        public Tensor t() => TOp.Call(this);
        public Tensor transpose(long dim0, long dim1) => TransposeOp.Call(this, dim0, dim1);
        public Tensor permute(params long[] permutation) => PermuteOp.Call(this, permutation);
        public Tensor narrow(long dim, long start, long length) => NarrowOp.Call(this, dim, start, length);
        public Tensor select(long dim, long index) => SelectOp.Call(this, dim, index);
        public Tensor slice(long dim, long start, long finish, long step) => SliceOp.Call(this, dim, start, finish, step);
        public Tensor index_select(long dim, Tensor index) => IndexSelectOp.Call(this, dim, index);
        public Tensor gather(long dim, Tensor index) => GatherOp.Call(this, dim, index);
        public Tensor flip(params long[] dims) => FlipOp.Call(this, dims);
        public Tensor roll(long shifts, long? dims = null) => RollOp.Call(this, new[] { shifts }, dims is { } d ? new[] { d } : []);
        public Tensor expand(params long[] sizes) => ExpandOp.Call(this, sizes);
        public Tensor expand_as(Tensor other) => expand(other.shape);
        public Tensor repeat(params long[] sizes) => RepeatOp.Call(this, sizes);
        public Tensor tile(long[] reps) => TileOp.Call(this, reps);
        public Tensor[] unbind(long dimension = 0) => UnbindOp.Many(size((int)dimension), this, dimension);
        public Tensor[] chunk(long chunks, long dim = 0) => ChunkOp.Many(chunks, this, chunks, dim);
        public Tensor[] split(long size, int dim = 0) => SplitSize.Many(this.size(dim), this, size, dim);
        public Tensor[] split(long[] sizes, long dim = 0) => SplitSizes.Many(sizes.Length, this, sizes, dim);
        public Tensor unfold(long dimension, long size, long step) => UnfoldOp.Call(this, dimension, size, step);
        public Tensor movedim(long[] source, long[] destination) => MovedimOp.Call(this, source, destination);

        public Tensor contiguous() => ContiguousOp.Call(this);
        public Tensor clone() => CloneOp.Call(this);
        public Tensor detach() => DetachOp.Call(this);

        public Tensor alias()
        {
            Native.Check(Native.sg_alias(Handle, out var h), "alias");
            return new Tensor(h);
        }

        public Tensor real => RealOp.Call(this);
        public Tensor imag => ImagOp.Call(this);
        public Tensor view_as_real() => ViewAsReal.Call(this);
        public Tensor view_as_complex() => ViewAsComplex.Call(this);

        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Done(ToDtype.Call(this, type, non_blocking, copy), disposeAfter);

        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(dtype, device, copy, disposeAfter, non_blocking);

        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Done(ToDevice.Call(this, device, type, non_blocking, copy), disposeAfter);

        public Tensor cpu() => to(CPU);
        public Tensor cuda(Device? device = null, bool non_blocking = false) => to(device ?? CUDA, non_blocking: non_blocking);
        public Tensor type_as(Tensor tensor) => to(tensor.dtype, tensor.device);

        public Tensor this[long i1] => select(0, i1);
        public Tensor this[long i1, long i2] => select(0, i1).select(0, i2);
        public Tensor this[long i1, long i2, long i3] => select(0, i1).select(0, i2).select(0, i3);

        public Tensor this[params TensorIndex[] indices] => index(indices);
        public Tensor index(params TensorIndex[] indices)
        {
            var t = this;
            long dim = 0;
            for (var k = 0; k < indices.Length; k++)
                (t, dim) = indices[k].Apply(t, dim, indices.Length - k - 1);
            return ReferenceEquals(t, this) ? alias() : t;
        }


        private Tensor Done(Tensor result, bool disposeAfter)
        {
            if (disposeAfter)
                Dispose();
            return result;
        }
    }

    /// <summary>One entry of an index: a position, a range, everything, a new axis, or an ellipsis.</summary>
    public readonly struct TensorIndex
    {
        private enum What { Single, Slice, Ellipsis, None }

        private readonly What what;
        private readonly long? start, stop, step;

        private TensorIndex(What what, long? start = null, long? stop = null, long? step = null) =>
            (this.what, this.start, this.stop, this.step) = (what, start, stop, step);

        public static readonly TensorIndex Ellipsis = new(What.Ellipsis);
        public static readonly TensorIndex None = new(What.None);
        public static readonly TensorIndex Null = new(What.None);
        public static readonly TensorIndex Colon = new(What.Slice);

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) => new(What.Slice, start, stop, step);
        public static TensorIndex Single(long? index) => new(What.Single, index);

        public static implicit operator TensorIndex(long value) => Single(value);
        public static implicit operator TensorIndex(Range range) => Slice(From(range.Start), range.End is { IsFromEnd: true, Value: 0 } ? null : From(range.End));

        internal (Tensor, long) Apply(Tensor t, long dim, int after) => what switch
        {
            What.Single => (t.select(dim, start!.Value), dim),
            What.Slice when start is null && stop is null && step is null => (t, dim + 1),
            What.Slice => (t.slice(dim, start ?? 0, stop ?? long.MaxValue, step ?? 1), dim + 1),
            What.None => (t.unsqueeze(dim), dim + 1),
            _ => (t, t.dim() - after),
        };

        private static long From(Index index) => index.IsFromEnd ? -index.Value : index.Value;
    }
}
